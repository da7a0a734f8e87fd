using Flume.Log.Primitives;
using Microsoft.Win32.SafeHandles;

namespace Flume.Log;

/// <summary>The file system of the operating system.</summary>
internal sealed class LogDisk : ILogDisk
{
    public static readonly LogDisk Instance = new();

    // Other processes may read and follow the log while it is open.
    private const FileShare Share = FileShare.ReadWrite | FileShare.Delete;

    public ILogFile Open(string path, FileMode mode, FileAccess access) =>
        new DiskFile(new FileStream(path, OwnerFile.Options(mode, access, Share)));

    public void SyncDirectory(string directory) => Posix.SyncDirectory(directory);

    public void Rename(string from, string to) => File.Move(from, to, overwrite: true);

    /// <summary>A file with positional reads and writes.</summary>
    private sealed class DiskFile(FileStream file) : ILogFile
    {
        private readonly SafeFileHandle _handle = file.SafeFileHandle;

        public SafeFileHandle Handle => _handle;

        public long Length => RandomAccess.GetLength(_handle);

        public int Read(Span<byte> buffer, long position) => RandomAccess.Read(_handle, buffer, position);

        public void Write(ReadOnlySpan<byte> bytes, long position) => RandomAccess.Write(_handle, bytes, position);

        public void Truncate(long length) => RandomAccess.SetLength(_handle, length);

        public void Sync() => Posix.Sync(_handle, file.Name);

        public void Dispose() => file.Dispose();
    }
}
