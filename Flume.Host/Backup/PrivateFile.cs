namespace Flume.Host.Backup;

/// <summary>Copies a key pair with file mode 0600, so that only its owner can read the copy.</summary>
internal static class PrivateFile
{
    /// <summary>Copies durably, and replaces an existing copy.</summary>
    public static void Copy(string from, string to)
    {
        string fresh = to + ".new";
        FileStreamOptions options = new() { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        File.Delete(fresh); // the mode applies to new files only
        using (FileStream file = new(fresh, options))
        {
            file.Write(File.ReadAllBytes(from));
            file.Flush(flushToDisk: true);
        }

        File.Move(fresh, to, overwrite: true);
    }
}
