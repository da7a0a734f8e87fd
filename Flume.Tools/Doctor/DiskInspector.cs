namespace Flume.Tools.Doctor;

/// <summary>Checks the free space of the disk: appends fail on a full disk, and a rebuild needs space, too.</summary>
internal static class DiskInspector
{
    private const long Least = 256L << 20;

    /// <summary>Inspects the disk that the directory is on.</summary>
    public static void Inspect(Inspection inspection)
    {
        DriveInfo disk = new(inspection.Options.Root);
        long free = disk.AvailableFreeSpace, rows = Rows(inspection.Options);
        if (free < Least)
        {
            inspection.Add(inspection.Options.Root, new Finding("disk-full", "",
                $"{free >> 20} MiB are free on the disk of {disk.TotalSize >> 20} MiB; appends fail when none is.",
                $"Free at least {Least >> 20} MiB, and {rows >> 20} MiB more to rebuild all views."));
        }
        else if (free < rows + Least)
        {
            inspection.Add(inspection.Options.Root, new Finding("disk-tight", "",
                $"{free >> 20} MiB are free; rebuilding all views beside their old rows may take {rows >> 20} MiB.",
                "Rebuild few views at a time, or free space.")
            { IsNote = true });
        }
    }

    private static long Rows(CheckupOptions options)
    {
        string identities = Path.Combine(options.Directory, "identities");
        string[] folders = options.Classic is { } classic ? [classic.Files.Own]
            : Directory.Exists(identities) ? Directory.GetDirectories(identities) : [];
        long bytes = 0;
        foreach (string identity in folders)
        {
            string views = Path.Combine(identity, "views");
            if (!Directory.Exists(views)) continue;
            foreach (FileInfo file in new DirectoryInfo(views).EnumerateFiles("*", SearchOption.AllDirectories))
                bytes += BytesOf(file);
        }

        return bytes;
    }

    // A running service deletes files of its stores.
    private static long BytesOf(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            return 0;
        }
    }
}
