namespace Flume.Host.Backup;

/// <summary>Copies a key pair so that nobody but its owner can ever read the copy.</summary>
internal static class PrivateFile
{
    /// <summary>Copies durably; a copy that is there is replaced.</summary>
    public static void Copy(string from, string to)
    {
        string fresh = to + ".new";
        FileStreamOptions options = new() { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        File.Delete(fresh); // a mode is given to new files alone
        using (FileStream file = new(fresh, options))
        {
            file.Write(File.ReadAllBytes(from));
            file.Flush(flushToDisk: true);
        }

        File.Move(fresh, to, overwrite: true);
    }
}
