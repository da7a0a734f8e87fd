using System.Runtime.InteropServices;

namespace Flume.Views.Store;

/// <summary>Replaces small files so that a crash at any moment leaves the old content or the new, whole.</summary>
internal static partial class DurableFile
{
    /// <summary>What the temporary file beside the target is called; one that is found was never finished.</summary>
    internal const string TemporarySuffix = ".new";

    private const int ReadOnlyFolder = 0x10000;

    /// <summary>Writes beside, syncs, renames over, and syncs the folder, in that order.</summary>
    internal static void Replace(string path, ReadOnlySpan<byte> content)
    {
        string temporary = path + TemporarySuffix;
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
        SyncFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>Makes the names in a folder survive power loss, where the system has a call for that.</summary>
    internal static void SyncFolder(string folder)
    {
        if (!OperatingSystem.IsLinux()) return;
        int handle = open(folder, ReadOnlyFolder, 0);
        if (handle < 0) throw Failed("opening", folder);
        try
        {
            if (fsync(handle) != 0) throw Failed("syncing", folder);
        }
        finally
        {
            _ = close(handle);
        }
    }

    private static IOException Failed(string doing, string folder) =>
        new($"Folder {folder}: {doing} failed: {Marshal.GetLastPInvokeErrorMessage()}.");

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int open(string path, int flags, int mode);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(int handle);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close(int handle);
}
