using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Flume.Log.Primitives;

/// <summary>
/// POSIX calls that .NET lacks or implements wrongly: sync with errors, mapping past a file's end, record locks.
/// </summary>
/// <remarks>
/// .NET 10.0 reports no error of fsync: the native shim returns 1 for a failure, but the framework tests for a
/// negative number. So every sync that an acknowledgement depends on uses <see cref="Sync"/>.
/// </remarks>
internal static partial class Posix
{
    /// <summary>Returns after all written bytes of the file are on the device.</summary>
    /// <param name="file">The open file.</param>
    /// <param name="name">Its path, for the error.</param>
    /// <exception cref="IOException">The device or the file system fails. The message names the errno.</exception>
    public static void Sync(SafeFileHandle file, string name)
    {
        if (OperatingSystem.IsWindows())
        {
            // FlushFileBuffers reports its errors.
            RandomAccess.FlushToDisk(file);
            return;
        }

        // On macOS fsync leaves the bytes in the drive's cache. Some file systems reject F_FULLFSYNC.
        if (OperatingSystem.IsMacOS() && fcntl(file, FullSyncOfMacOs) != -1)
            return;
        while (fsync(file) != 0)
        {
            int error = Marshal.GetLastPInvokeError();
            if (error != Interrupted)
                throw Failed($"Could not make {name} durable", error);
        }
    }

    /// <summary>
    /// Makes new names in a directory durable. Does nothing on Windows, which cannot open directories.
    /// </summary>
    /// <exception cref="IOException">The device or the file system fails.</exception>
    public static void SyncDirectory(string directory)
    {
        if (OperatingSystem.IsWindows())
            return;
        int descriptor = open(directory, OpenReadOnly);
        if (descriptor < 0)
            throw Failed(
                $"Could not open the directory {directory} to make a new name in it durable",
                Marshal.GetLastPInvokeError());
        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        Sync(handle, $"the names in the directory {directory}");
    }

    /// <summary>
    /// Maps <paramref name="bytes"/> of the file read-only, also past its end; zero if the system call fails.
    /// </summary>
    public static nint MapRead(SafeFileHandle file, long position, long bytes)
    {
        if (OperatingSystem.IsWindows())
            return 0;
        nint address = mmap(0, (nuint)bytes, ProtRead, MapShared, file, (nint)position);
        return address == -1 ? 0 : address;
    }

    /// <summary>Removes a mapping of <see cref="MapRead"/>.</summary>
    public static bool Unmap(nint address, long bytes) => munmap(address, (nuint)bytes) == 0;

    /// <summary>Removes a mapping's pages from this process's resident memory. The mapping remains usable.</summary>
    public static void DropResident(nint address, long bytes)
    {
        const int dontNeed = 4;
        _ = madvise(address, (nuint)bytes, dontNeed);
    }

    /// <summary>The path, without symbolic links, of an existing file or directory.</summary>
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

    /// <summary>Opens a file for reading without the advisory lock that .NET takes; null if the call fails.</summary>
    public static SafeFileHandle? OpenUnlocked(string path)
    {
        int descriptor = OperatingSystem.IsWindows() ? -1 : open(path, OpenReadOnly);
        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>
    /// The pid of another process that holds a record lock on any byte of the file; 0 if none. Linux only.
    /// </summary>
    public static int RecordLockHolder(SafeFileHandle file)
    {
        const int getLock = 5;
        if (!OperatingSystem.IsLinux())
            return 0;
        var wanted = new FileLock { Type = WriteLock };
        return fcntl(file, getLock, ref wanted) == 0 && wanted.Type != Unlocked ? wanted.Pid : 0;
    }

    /// <summary>
    /// Takes an exclusive record lock on the whole file for this process, without waiting. False if another process
    /// holds one. Closing any descriptor of the file in this process drops the lock. On systems other than Linux it
    /// returns true.
    /// </summary>
    public static bool TryTakeRecordLock(SafeFileHandle file)
    {
        const int setLock = 6;
        if (!OperatingSystem.IsLinux())
            return true;
        var wanted = new FileLock { Type = WriteLock };
        return fcntl(file, setLock, ref wanted) == 0;
    }

    /// <summary>Writes all bytes to standard output, at its current position. Not for Windows.</summary>
    /// <returns>False when nothing reads the output any more.</returns>
    /// <exception cref="IOException">Any other failure, such as a full disk.</exception>
    public static bool WriteToOutput(ReadOnlySpan<byte> bytes)
    {
        const int output = 1, brokenPipe = 32;
        const short canWrite = 4;
        while (!bytes.IsEmpty)
        {
            nint written = write(output, ref MemoryMarshal.GetReference(bytes), bytes.Length);
            if (written >= 0)
            {
                bytes = bytes[(int)written..];
                continue;
            }

            int error = Marshal.GetLastPInvokeError();
            if (error == brokenPipe)
                return false;
            if (error == (OperatingSystem.IsMacOS() ? 35 : 11)) // EAGAIN: another process made the output non-blocking
            {
                var ready = new PollEntry { Descriptor = output, Events = canWrite };
                _ = poll(ref ready, 1, -1);
            }
            else if (error != Interrupted)
            {
                throw Failed("Could not write to standard output", error);
            }
        }

        return true;
    }

    /// <summary>
    /// Gives the calling thread the lowest priority. Linux only, because a nice value there applies to one thread.
    /// </summary>
    public static void LowerThreadPriority()
    {
        if (OperatingSystem.IsLinux())
            _ = setpriority(0, 0, LowestPriority);
    }

    /// <summary>
    /// How many files this process may have open at once (RLIMIT_NOFILE); a million where nothing limits it.
    /// </summary>
    public static long OpenFilesMax()
    {
        const long unlimited = 1_000_000;
        int openFiles = OperatingSystem.IsMacOS() ? 8 : 7;
        return !OperatingSystem.IsWindows() && getrlimit(openFiles, out ResourceLimit limit) == 0
            ? (long)Math.Min(limit.Current, unlimited)
            : unlimited;
    }

    /// <summary>
    /// Removes all rights of others from new files of this process, including those of native code.
    /// </summary>
    public static void KeepNewFilesPrivate()
    {
        const uint groupAndOthers = 0b_000_111_111;
        if (!OperatingSystem.IsWindows())
            _ = umask(groupAndOthers);
    }

    private static IOException Failed(string what, int error) =>
        new($"{what}: {Marshal.GetPInvokeErrorMessage(error)} (errno {error}).");
}
