using Flume.Log;
using Microsoft.Win32.SafeHandles;

namespace Flume.Ssb.Tests.Api.Publishing;

/// <summary>The real file system, with writes and syncs that fail or take long when a test says so.</summary>
internal sealed class MoodyDisk : ILogDisk
{
    private volatile bool _failsWrites;
    private volatile bool _failsSyncs;
    private volatile int _delayMs;

    /// <summary>The next writes to the log fail.</summary>
    public bool FailsWrites { set => _failsWrites = value; }

    /// <summary>The next syncs of the log fail.</summary>
    public bool FailsSyncs { set => _failsSyncs = value; }

    /// <summary>How long each sync takes.</summary>
    public int DelayMs { set => _delayMs = value; }

    public ILogFile Open(string path, FileMode mode, FileAccess access) =>
        new MoodyFile(this, LogDisk.Instance.Open(path, mode, access));

    public void SyncDirectory(string directory) => LogDisk.Instance.SyncDirectory(directory);

    public void Rename(string from, string to) => LogDisk.Instance.Rename(from, to);

    private sealed class MoodyFile(MoodyDisk disk, ILogFile inner) : ILogFile
    {
        public SafeFileHandle Handle => inner.Handle;

        public long Length => inner.Length;

        public int Read(Span<byte> buffer, long position) => inner.Read(buffer, position);

        public void Write(ReadOnlySpan<byte> bytes, long position)
        {
            inner.Write(disk._failsWrites ? bytes[..(bytes.Length / 2)] : bytes, position);
            if (disk._failsWrites) throw new IOException("No space left on device.");
        }

        public void Truncate(long length) => inner.Truncate(length);

        public void Sync()
        {
            if (disk._delayMs > 0) Thread.Sleep(disk._delayMs);
            if (disk._failsSyncs) throw new IOException("Input/output error.");
            inner.Sync();
        }

        public void Dispose() => inner.Dispose();
    }
}
