using Flume.Log;
using Microsoft.Win32.SafeHandles;

namespace Flume.TestKit;

/// <summary>One operation on a file: a write at a position, a new length, or a sync.</summary>
internal sealed record DiskStep(string Path, byte[]? Written, long Position, bool IsSync)
{
    public bool IsCut => Written is null && !IsSync;
}

/// <summary>
/// The real file system with simulated faults: a full disk and failing syncs. It records every operation for crash
/// images.
/// </summary>
internal sealed class FaultyDisk : ILogDisk
{
    private readonly List<DiskStep> _steps = [];

    /// <summary>
    /// The remaining bytes for files with this name suffix before the disk is full. The write at the limit is short.
    /// </summary>
    public (string NameEnds, long Bytes)? Room { get; set; }

    /// <summary>True makes every sync of a log file fail.</summary>
    public bool SyncFails { get; set; }

    /// <summary>True makes every read of a file fail.</summary>
    public bool ReadFails { get; set; }

    /// <summary>A device whose real fsync is called instead of that of each file; null for none.</summary>
    public string? SyncsDeviceInstead { get; set; }

    public IReadOnlyList<DiskStep> Steps => _steps;

    public ILogFile Open(string path, FileMode mode, FileAccess access) =>
        new FaultyFile(this, path, LogDisk.Instance.Open(path, mode, access));

    public void SyncDirectory(string directory) => LogDisk.Instance.SyncDirectory(directory);

    public void Rename(string from, string to) => LogDisk.Instance.Rename(from, to);

    /// <summary>
    /// A possible content of the file after power loss following the first <paramref name="count"/> steps: all synced
    /// data, a random number of later writes, and one torn write.
    /// </summary>
    public byte[] Image(string path, int count, Random keep)
    {
        DiskStep[] done = [.. _steps.Take(count).Where(step => step.Path == path)];
        int synced = Array.FindLastIndex(done, step => step.IsSync) + 1;
        int kept = synced + keep.Next(done.Length - synced + 1);
        using var image = new MemoryStream();
        for (int i = 0; i < Math.Min(done.Length, kept + 1); i++)
            Apply(image, done[i], torn: i < kept ? null : keep);
        return image.ToArray();
    }

    private static void Apply(MemoryStream image, DiskStep step, Random? torn)
    {
        if (step.IsSync)
            return;
        if (step.Written is not { } bytes)
        {
            if (torn is null)
                image.SetLength(step.Position);
            return;
        }

        image.Position = step.Position;
        image.Write(bytes, 0, torn?.Next(bytes.Length) ?? bytes.Length);
    }

    private sealed class FaultyFile(FaultyDisk disk, string path, ILogFile inner) : ILogFile
    {
        public SafeFileHandle Handle => inner.Handle;

        public long Length => inner.Length;

        public int Read(Span<byte> buffer, long position) =>
            disk.ReadFails ? throw new IOException("Input/output error.") : inner.Read(buffer, position);

        public void Write(ReadOnlySpan<byte> bytes, long position)
        {
            if (disk.Room is { } room && path.EndsWith(room.NameEnds, StringComparison.Ordinal))
            {
                if (bytes.Length > room.Bytes)
                {
                    inner.Write(bytes[..(int)room.Bytes], position);
                    disk.Room = room with { Bytes = 0 };
                    throw new IOException("No space left on device.");
                }

                disk.Room = room with { Bytes = room.Bytes - bytes.Length };
            }

            inner.Write(bytes, position);
            disk._steps.Add(new DiskStep(path, bytes.ToArray(), position, false));
        }

        public void Truncate(long length)
        {
            inner.Truncate(length);
            disk._steps.Add(new DiskStep(path, null, length, false));
        }

        public void Sync()
        {
            if (disk.SyncFails)
                throw new IOException("Input/output error.");
            if (disk.SyncsDeviceInstead is { } device)
            {
                using ILogFile other = LogDisk.Instance.Open(device, FileMode.Open, FileAccess.Write);
                other.Sync();
                return;
            }

            inner.Sync();
            disk._steps.Add(new DiskStep(path, null, 0, true));
        }

        public void Dispose() => inner.Dispose();
    }
}
