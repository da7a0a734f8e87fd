using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Flume.Log;

/// <summary>
/// The few POSIX calls that .NET does not offer: mapping beyond a file's end, fsync of a directory, asking who holds a
/// lock.
/// </summary>
internal static partial class Libc
{
    private const int ProtRead = 1, MapShared = 1, OpenReadOnly = 0;
    private const short WriteLock = 1, Unlocked = 2;

    /// <summary>
    /// Maps <paramref name="bytes"/> of the file read-only, also beyond its end; zero when the system refuses.
    /// </summary>
    public static nint MapRead(SafeFileHandle file, long position, long bytes)
    {
        if (OperatingSystem.IsWindows())
            return 0;
        nint address = mmap(0, (nuint)bytes, ProtRead, MapShared, file, (nint)position);
        return address == -1 ? 0 : address;
    }

    /// <summary>Undoes <see cref="MapRead"/>.</summary>
    public static bool Unmap(nint address, long bytes) => munmap(address, (nuint)bytes) == 0;

    /// <summary>Takes a mapping's pages out of this process's memory; the mapping stays usable.</summary>
    public static void DropResident(nint address, long bytes)
    {
        const int dontNeed = 4;
        _ = madvise(address, (nuint)bytes, dontNeed);
    }

    /// <summary>The path without symbolic links, of a file or directory that exists.</summary>
    public static string RealPath(string path)
    {
        nint resolved = OperatingSystem.IsWindows() ? 0 : realpath(path, 0);
        if (resolved == 0)
            return path;
        try
        {
            return Marshal.PtrToStringUTF8(resolved)!;
        }
        finally
        {
            free(resolved);
        }
    }

    /// <summary>
    /// Opens a file for reading without the advisory lock that .NET takes on each it opens; null when that fails.
    /// </summary>
    public static SafeFileHandle? OpenUnlocked(string path)
    {
        int descriptor = OperatingSystem.IsWindows() ? -1 : open(path, OpenReadOnly);
        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>Makes new names in a directory durable. A no-op where directories cannot be opened.</summary>
    public static void SyncDirectory(string directory)
    {
        if (OperatingSystem.IsWindows())
            return;
        int descriptor = open(directory, OpenReadOnly);
        if (descriptor < 0)
            throw SystemError($"Could not open the directory {directory} to make a new name in it durable");
        try
        {
            if (fsync(descriptor) != 0)
                throw SystemError($"Could not make a new name in the directory {directory} durable");
        }
        finally
        {
            _ = close(descriptor);
        }
    }

    /// <summary>
    /// The pid of another process that holds a POSIX lock on any byte of the file; 0 when nobody does. Linux only.
    /// </summary>
    public static int PosixLockHolder(SafeFileHandle file)
    {
        const int getLock = 5;
        if (!OperatingSystem.IsLinux())
            return 0;
        var wanted = new FileLock { Type = WriteLock };
        return fcntl(file, getLock, ref wanted) == 0 && wanted.Type != Unlocked ? wanted.Pid : 0;
    }

    private static IOException SystemError(string what) =>
        new($"{what}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}.");

    [StructLayout(LayoutKind.Sequential)]
    private struct FileLock
    {
        public short Type;
        public short Whence;
        public long Start;
        public long Length;
        public int Pid;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint mmap(
        nint address, nuint bytes, int protection, int flags, SafeFileHandle file, nint position);

    [LibraryImport("libc")]
    private static partial int munmap(nint address, nuint bytes);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint realpath(string path, nint resolved);

    [LibraryImport("libc")]
    private static partial void free(nint memory);

    [LibraryImport("libc")]
    private static partial int madvise(nint address, nuint bytes, int advice);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(int descriptor);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(SafeFileHandle file, int command, ref FileLock argument);
}
