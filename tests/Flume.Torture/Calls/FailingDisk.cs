using Flume.Log;
using Microsoft.Win32.SafeHandles;

namespace Flume.Torture.Calls;

/// <summary>The real file system, of which the N-th call that changes something fails.</summary>
/// <param name="nth">The number of the first failing call, from 1.</param>
/// <param name="failsOnce">False: every later call fails as well.</param>
/// <param name="isTorn">A failing write stores half of its bytes.</param>
internal sealed class FailingDisk(int nth, bool failsOnce, bool isTorn) : ILogDisk
{
    private int _calls;
    private bool _isWell;

    /// <summary>True when a call failed.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>The failed call.</summary>
    public string Failed { get; private set; } = "";

    /// <summary>From now on nothing fails.</summary>
    public void Heal() => _isWell = true;

    public ILogFile Open(string path, FileMode mode, FileAccess access)
    {
        Call("open", path);
        return new FailingFile(this, path, LogDisk.Instance.Open(path, mode, access));
    }

    public void SyncDirectory(string directory)
    {
        Call("sync of the folder", directory);
        LogDisk.Instance.SyncDirectory(directory);
    }

    public void Rename(string from, string to)
    {
        Call("rename", to);
        LogDisk.Instance.Rename(from, to);
    }

    private void Call(string what, string path)
    {
        if (Fails(what, path)) throw new IOException($"The {what} of {path} fails (simulated).");
    }

    private bool Fails(string what, string path)
    {
        int call = ++_calls;
        bool fails = !_isWell && (failsOnce ? call == nth : call >= nth);
        if (!fails) return false;
        if (!HasFailed) Failed = $"{what} of {Path.GetFileName(path)}";
        return HasFailed = true;
    }

    private sealed class FailingFile(FailingDisk disk, string path, ILogFile real) : ILogFile
    {
        public SafeFileHandle Handle => real.Handle;

        public long Length => real.Length;

        public int Read(Span<byte> buffer, long position) => real.Read(buffer, position);

        public void Write(ReadOnlySpan<byte> bytes, long position)
        {
            if (!disk.Fails("write", path))
            {
                real.Write(bytes, position);
                return;
            }

            if (disk.IsTorn) real.Write(bytes[..(bytes.Length / 2)], position);
            throw new IOException($"The write of {path} fails (simulated).");
        }

        public void Truncate(long length)
        {
            disk.Call("truncate", path);
            real.Truncate(length);
        }

        public void Sync()
        {
            disk.Call("sync", path);
            real.Sync();
        }

        public void Dispose() => real.Dispose();
    }

    private bool IsTorn => isTorn;
}
