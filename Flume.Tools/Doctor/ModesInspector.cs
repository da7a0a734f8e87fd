using Flume.Log.Primitives;

namespace Flume.Tools.Doctor;

/// <summary>Looks for files and folders of a data directory that other users may read or write.</summary>
internal static class ModesInspector
{
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Inspects the directory and everything in it but key pairs, which have a finding of their own.</summary>
    public static void Inspect(Inspection inspection)
    {
        if (OperatingSystem.IsWindows()) return;
        DirectoryInfo root = new(inspection.Options.Directory);
        List<FileSystemInfo> open = [];
        Find(root, isReachable: true, open);
        if (open.Count == 0) return;
        inspection.Add(root.FullName, new Finding("readable-by-others", "",
            $"Other users may read or write {open.Count} files and folders, {inspection.Name(open[0].FullName)} first" +
            ": logs and rows hold what was private in messages, and files named boxes-… the keys that open it.",
            "Set mode 0600 for files and 0700 for folders.")
        {
            Fix = treatment =>
            {
                foreach (FileSystemInfo one in open) Close(treatment, one);
                return $"set the modes of {open.Count}";
            },
        });
    }

    // A closed folder closes everything in it. Logs, keys of boxes and the journal are closed themselves too.
    private static void Find(FileSystemInfo one, bool isReachable, List<FileSystemInfo> open)
    {
        if (OperatingSystem.IsWindows() || one is FileInfo { Name: "secret" }) return;
        FileSystemInfo[] inside;
        bool isOpen;
        try
        {
            if (one.LinkTarget is not null) return;
            isOpen = (one.UnixFileMode & Others) != 0;
            inside = one is DirectoryInfo folder ? folder.GetFileSystemInfos() : [];
        }
        catch (Exception cause) when (cause is FileNotFoundException or DirectoryNotFoundException)
        {
            return; // a running service deletes files of its stores
        }

        if (isOpen && (isReachable || IsPrecious(one.Name))) open.Add(one);
        foreach (FileSystemInfo part in inside) Find(part, isReachable && isOpen, open);
    }

    private static bool IsPrecious(string name) =>
        name is "log.offset" or "journal.offset" || name.StartsWith("boxes-", StringComparison.Ordinal);

    private static void Close(RepairPlan treatment, FileSystemInfo one)
    {
        if (OperatingSystem.IsWindows() || !Path.Exists(one.FullName)) return;
        bool isFolder = one is DirectoryInfo;
        treatment.Aside.Note("changed the mode of", one.FullName, isFolder ? "0700" : "0600", "others could read it");
        File.SetUnixFileMode(one.FullName, isFolder ? OwnerFile.FolderMode0700 : OwnerFile.FileMode0600);
    }
}
