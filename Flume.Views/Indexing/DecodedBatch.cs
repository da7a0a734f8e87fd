using Flume.Log;
using Flume.Views.Records;

namespace Flume.Views.Indexing;

/// <summary>A few consecutive records, decoded once for every view that stands before them.</summary>
/// <remarks>
/// Shared by the threads of several views. Reading a decoded message unescapes into scratch of its own, so whoever
/// applies a run holds <see cref="Gate"/> meanwhile; who can't wait for that has the records decoded for itself. Give it
/// back by <see cref="Dispose"/>, once per taker.
/// </remarks>
internal sealed class DecodedBatch : IDisposable
{
    private readonly List<DecodedRecord> _records = [];
    private readonly Action<DecodedBatch> _giveBack;
    private int _takers;

    internal DecodedBatch(Action<DecodedBatch> giveBack) => _giveBack = giveBack;

    /// <summary>Held while the messages are read.</summary>
    public Lock Gate { get; } = new();

    /// <summary>The offset before its first record: where a view must stand to apply it.</summary>
    public Offset After { get; private set; }

    /// <summary>The offset of its last record, deleted or not: since, once it is applied.</summary>
    public Offset Last { get; private set; }

    /// <summary>Records that are not deleted.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes of log that it covers.</summary>
    public long Bytes { get; private set; }

    /// <summary>
    /// The record at <paramref name="index"/>; <see cref="DecodedRecord.IsJson"/> is false for a broken one.
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
