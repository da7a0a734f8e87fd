using Flume.Log;
using Microsoft.Win32.SafeHandles;

namespace Flume.Torture.Power;

/// <summary>
/// The real file system, with every operation played into a <see cref="ModelDisk"/>, and faults on demand.
/// </summary>
internal sealed class RecordingDisk(ModelDisk model, Random random) : ILogDisk
{
    /// <summary>Called behind each operation of the model.</summary>
    public Action Stepped { get; set; } = () => { };

    /// <summary>The next sync of any file fails.</summary>
    public bool FailsNextSync { get; set; }

    /// <summary>The next write stores a part of its bytes and fails.</summary>
    public bool FailsNextWrite { get; set; }

    public ILogFile Open(string path, FileMode mode, FileAccess access)
    {
        ILogFile real = LogDisk.Instance.Open(path, mode, access);
        DiskFile file = Step(() => model.Open(Path.GetFileName(path)));
        return new RecordedFile(this, real, file);
    }

    public void SyncDirectory(string directory) => Step(model.SyncedFolder);

    public void Rename(string from, string to)
    {
        LogDisk.Instance.Rename(from, to);
        Step(() => model.Rename(Path.GetFileName(from), Path.GetFileName(to)));
    }

    private void Step(Action step)
    {
        step();
        Stepped();
    }

    private T Step<T>(Func<T> step)
    {
        T result = step();
        Stepped();
        return result;
    }

    private sealed class RecordedFile(RecordingDisk disk, ILogFile real, DiskFile file) : ILogFile
    {
        public SafeFileHandle Handle => real.Handle;

        public long Length => real.Length;

        public int Read(Span<byte> buffer, long position) => real.Read(buffer, position);

        public void Write(ReadOnlySpan<byte> bytes, long position)
        {
            bool fails = disk.FailsNextWrite;
            disk.FailsNextWrite = false;
            ReadOnlySpan<byte> part = fails ? bytes[..disk.Random.Next(bytes.Length)] : bytes;
            real.Write(part, position);
            byte[] copy = part.ToArray();
            disk.Step(() =>
            {
                file.Write(position, copy);
                disk.Model.Stepped();
            });
            if (fails) throw new IOException("No space left on device (simulated).");
        }

        public void Truncate(long length)
        {
            real.Truncate(length);
            disk.Step(() =>
            {
                file.Truncate(length);
                disk.Model.Stepped();
            });
        }

        public void Sync()
        {
            if (disk.FailsNextSync)
            {
                disk.FailsNextSync = false;
                file.FailSync(disk.Random);
                throw new IOException("Input/output error (simulated).");
            }

            disk.Step(() =>
            {
                file.Sync();
                disk.Model.Synced();
            });
        }

        public void Dispose() => real.Dispose();
    }

    private ModelDisk Model => model;

    private Random Random => random;
}
