using System.Buffers;

namespace Flume.Log;

/// <summary>One record inside the buffer of a <see cref="RecordBatch"/>.</summary>
/// <param name="Offset">Where the record starts in the log.</param>
/// <param name="Start">Where its payload starts in the buffer.</param>
/// <param name="Length">Bytes of its payload.</param>
public readonly record struct RunRecord(Offset Offset, int Start, int Length);

/// <summary>A stretch of consecutive records, copied into one pooled buffer: what bulk work reads at a time.</summary>
/// <remarks>
/// Reusable: each <see cref="LogScanner.ReadRun"/> overwrites it. Belongs to one thread. Dispose it to give the buffer
/// back.
/// </remarks>
public sealed class RecordBatch : IDisposable
{
    private RunRecord[] records = new RunRecord[1024];
    private int count;

    /// <summary>
    /// Its place among all runs of the scan, from 0: several threads can put their results back in order.
    /// </summary>
    public long Index { get; internal set; }

    /// <summary>Offset of the first record of the run, deleted or not.</summary>
    public Offset First { get; private set; }

    /// <summary>
    /// Offset of the last record of the run, deleted or not: since, once the run is applied. None when the run is
    /// empty.
    /// </summary>
    public Offset Last { get; private set; }

    /// <summary>Records of the run, deleted ones included.</summary>
    public int Frames { get; private set; }

    /// <summary>Bytes of log that the run covers.</summary>
    public int Bytes { get; internal set; }

    /// <summary>The records that are not deleted, in log order; valid until the run is read into again.</summary>
    public ReadOnlySpan<RunRecord> Records => records.AsSpan(0, count);

    /// <summary>What <see cref="RunRecord.Start"/> points into. Pooled: do not keep it beyond the run.</summary>
    public byte[] Buffer { get; private set; } = [];

    /// <summary>The payload of one record.</summary>
    public ReadOnlySpan<byte> Payload(in RunRecord record) => Buffer.AsSpan(record.Start, record.Length);

    /// <summary>Gives the buffer back to the pool.</summary>
    public void Dispose()
    {
        if (Buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(Buffer);
        Buffer = [];
        count = 0;
    }

    /// <summary>Empties the run, which is to start at <paramref name="position"/> of the log.</summary>
    internal void Clear(long position)
    {
        (count, Frames, Bytes) = (0, 0, 0);
        (First, Last) = (new Offset(position), Offset.None);
    }

    internal void Add(RunRecord record, bool deleted)
    {
        Frames++;
        Last = record.Offset;
        if (deleted)
            return;
        if (count == records.Length)
            Array.Resize(ref records, 2 * count);
        records[count++] = record;
    }

    /// <summary>Makes room for <paramref name="bytes"/>; the content is lost.</summary>
    internal void Reserve(int bytes)
    {
        if (Buffer.Length >= bytes)
            return;
        if (Buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(Buffer);
        Buffer = ArrayPool<byte>.Shared.Rent(bytes);
    }
}
