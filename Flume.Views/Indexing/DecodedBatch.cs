using Flume.Log;
using Flume.Views.Records;

namespace Flume.Views.Indexing;

/// <summary>A batch of consecutive records, decoded once for all views at the same position.</summary>
/// <remarks>
/// Several views on different threads share a batch. Decoded messages use shared scratch memory, so a view holds
/// <see cref="Lock"/> while it applies the batch. If it does not get the lock in time, it decodes its own copy. Each
/// holder
/// calls <see cref="Dispose"/> once.
/// </remarks>
internal sealed class DecodedBatch : IDisposable
{
    private readonly List<DecodedRecord> _records = [];
    private readonly Action<DecodedBatch> _giveBack;
    private int _takers;

    internal DecodedBatch(Action<DecodedBatch> giveBack) => _giveBack = giveBack;

    /// <summary>The lock that a view holds while it reads the messages.</summary>
    public Lock Lock { get; } = new();

    /// <summary>The offset before the first record. A view must have this since to apply the batch.</summary>
    public Offset After { get; private set; }

    /// <summary>The offset of the last record, deleted or not. It is the view's since after the batch.</summary>
    public Offset Last { get; private set; }

    /// <summary>The number of records that are not deleted.</summary>
    public int Count { get; private set; }

    /// <summary>The bytes of log that the batch covers.</summary>
    public long Bytes { get; private set; }

    /// <summary>
    /// The record at <paramref name="index"/>. <see cref="DecodedRecord.IsJson"/> is false for a broken record.
    /// </summary>
    public DecodedRecord this[int index] => _records[index];

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Decrement(ref _takers) == 0) _giveBack(this);
    }

    internal void Begin(Offset after)
    {
        After = Last = after;
        Count = 0;
        Bytes = 0;
        _takers = 1;
    }

    internal bool TryTake()
    {
        int takers;
        do
        {
            takers = Volatile.Read(ref _takers);
            if (takers == 0) return false;
        }
        while (Interlocked.CompareExchange(ref _takers, takers + 1, takers) != takers);
        return true;
    }

    internal DecodedRecord NextRecord(RecordDecoder decoder)
    {
        if (Count == _records.Count) _records.Add(decoder.NewRecord());
        return _records[Count++];
    }

    internal void Cover(Offset last, long bytes)
    {
        Last = last;
        Bytes += bytes;
    }
}
