using Microsoft.Win32.SafeHandles;

namespace Flume.Log;

/// <summary>The real file system.</summary>
internal sealed class LogDisk : ILogDisk
{
    public static readonly LogDisk Instance = new();

    // Shared with everyone: an in-place log may be read, and followed, by others.
    private const FileShare Share = FileShare.ReadWrite | FileShare.Delete;

    public ILogFile Open(string path, FileMode mode, FileAccess access) =>
        new DiskFile(File.OpenHandle(path, mode, access, Share));

    public void SyncDirectory(string directory) => Libc.SyncDirectory(directory);

    public void Rename(string from, string to) => File.Move(from, to, overwrite: true);

    /// <summary>A file of the real file system, read and written by position.</summary>
    private sealed class DiskFile(SafeFileHandle handle) : ILogFile
    {
        public SafeFileHandle Handle => handle;

        public long Length => RandomAccess.GetLength(handle);

        public int Read(Span<byte> buffer, long position) => RandomAccess.Read(handle, buffer, position);

        public void Write(ReadOnlySpan<byte> bytes, long position) => RandomAccess.Write(handle, bytes, position);

        public void Truncate(long length) => RandomAccess.SetLength(handle, length);

        public void Sync() => RandomAccess.FlushToDisk(handle);

        public void Dispose() => handle.Dispose();
    }
}
