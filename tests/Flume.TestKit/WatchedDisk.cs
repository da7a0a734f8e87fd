using Flume.Log;
using Microsoft.Win32.SafeHandles;

namespace Flume.TestKit;

/// <summary>The real file system; a test acts as another process in the middle of an operation.</summary>
internal sealed class WatchedDisk : ILogDisk
{
    /// <summary>Runs after each look at a file's length, with the number of that look (from 1) and the file's path.</summary>
    public Action<int, string>? AfterLength { get; set; }

    private int _lengths;

    public ILogFile Open(string path, FileMode mode, FileAccess access) =>
        new WatchedFile(this, path, LogDisk.Instance.Open(path, mode, access));

    public void SyncDirectory(string directory) => LogDisk.Instance.SyncDirectory(directory);

    public void Rename(string from, string to) => LogDisk.Instance.Rename(from, to);

    private sealed class WatchedFile(WatchedDisk disk, string path, ILogFile inner) : ILogFile
    {
        public SafeFileHandle Handle => inner.Handle;

        public long Length
        {
            get
            {
                long length = inner.Length;
                disk.AfterLength?.Invoke(++disk._lengths, path);
                return length;
            }
        }

        public int Read(Span<byte> buffer, long position) => inner.Read(buffer, position);

        public void Write(ReadOnlySpan<byte> bytes, long position) => inner.Write(bytes, position);

        public void Truncate(long length) => inner.Truncate(length);

        public void Sync() => inner.Sync();

        public void Dispose() => inner.Dispose();
    }
}
