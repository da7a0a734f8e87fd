using System.Buffers;

namespace Flume.Log;

/// <summary>One record inside the buffer of a <see cref="RecordBatch"/>.</summary>
/// <param name="Offset">The offset of the record in the log.</param>
/// <param name="Start">The start of its payload in the buffer.</param>
/// <param name="Length">The length of its payload in bytes.</param>
public readonly record struct RunRecord(Offset Offset, int Start, int Length);

/// <summary>A batch of consecutive records, copied into one pooled buffer.</summary>
/// <remarks>
/// Each <see cref="LogScanner.ReadRun"/> overwrites it. Not thread-safe. Dispose returns the buffer to the pool.
/// </remarks>
public sealed class RecordBatch : IDisposable
{
    private RunRecord[] _records = new RunRecord[1024];
    private int _count;

    /// <summary>
    /// The index of the batch in its scan, from 0. Several threads can use it to order their results.
    /// </summary>
    public long Index { get; internal set; }

    /// <summary>The offset of the first record in the batch, deleted or not.</summary>
    public Offset First { get; private set; }

    /// <summary>
    /// The offset of the last record in the batch, deleted or not. A view that applied the batch has this since. None
    /// for an empty batch.
    /// </summary>
    public Offset Last { get; private set; }

    /// <summary>The number of records in the batch, including deleted ones.</summary>
    public int Frames { get; private set; }

    /// <summary>The bytes of log that the batch covers.</summary>
    public int Bytes { get; internal set; }

    /// <summary>The records without deleted ones, in log order. Valid until the next read into this batch.</summary>
    public ReadOnlySpan<RunRecord> Records => _records.AsSpan(0, _count);

    /// <summary>The buffer that contains the payloads. It is pooled and valid as long as the batch.</summary>
    public byte[] Buffer { get; private set; } = [];

    /// <summary>The payload of one record.</summary>
    public ReadOnlySpan<byte> Payload(in RunRecord record) => Buffer.AsSpan(record.Start, record.Length);

    /// <summary>Returns the buffer to the pool.</summary>
    public void Dispose()
    {
        if (Buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(Buffer);
        Buffer = [];
        _count = 0;
    }

    /// <summary>Clears the batch and starts it at <paramref name="position"/> of the log.</summary>
    internal void Clear(long position)
    {
        (_count, Frames, Bytes) = (0, 0, 0);
        (First, Last) = (new Offset(position), Offset.None);
    }

    internal void Add(RunRecord record, bool deleted)
    {
        Frames++;
        Last = record.Offset;
        if (deleted)
            return;
        if (_count == _records.Length)
            Array.Resize(ref _records, 2 * _count);
        _records[_count++] = record;
    }

    /// <summary>Ensures room for <paramref name="bytes"/> and discards the content.</summary>
    internal void Reserve(int bytes)
    {
        if (Buffer.Length >= bytes)
            return;
        if (Buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(Buffer);
        Buffer = ArrayPool<byte>.Shared.Rent(bytes);
    }
}
