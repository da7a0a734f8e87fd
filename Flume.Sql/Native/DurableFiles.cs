using System.Runtime.InteropServices;

namespace Flume.Sql.Native;

/// <summary>Durable syncs of files and folders, and atomic symbolic links, by system calls whose errors are reported.</summary>
/// <remarks>The framework's own flush to disk drops the error of fsync, so it is not used here.</remarks>
internal static partial class DurableFiles
{
    private const int ReadOnly = 0;
    private const int CloseOnExec = 0x80000;

    /// <summary>Makes the bytes of a file, or the names in a folder, survive power loss.</summary>
    /// <exception cref="IOException">The device refuses.</exception>
    internal static void Sync(string path)
    {
        if (!OperatingSystem.IsLinux()) return;
        int handle = open(path, ReadOnly | CloseOnExec, 0);
        if (handle < 0) throw Failed("open", path);
        try
        {
            if (fsync(handle) != 0) throw Failed("sync", path);
        }
        finally
        {
            _ = close(handle);
        }
    }

    /// <summary>Points a relative symbolic link to a file of the same folder, by one rename, durable on return.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    internal static void Point(string link, string fileName)
    {
        string temporary = link + ".new";
        File.Delete(temporary);
        File.CreateSymbolicLink(temporary, fileName);
        File.Move(temporary, link, overwrite: true);
        Sync(Path.GetDirectoryName(link)!);
    }

    private static IOException Failed(string doing, string path) =>
        new($"Cannot {doing} {path}: {Marshal.GetLastPInvokeErrorMessage()}.");

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int open(string path, int flags, int mode);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(int handle);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close(int handle);
}
