using Flume.Log;
using Flume.Views.Records;

namespace Flume.Views.Indexing;

/// <summary>Decodes batches of records and shares them among the views at the same position.</summary>
/// <remarks>
/// 1. A batch is decoded once while a view holds it or while it is among the most recent ones.
/// 2. A call reads up to the head at its start.
/// 3. Thread-safe: each view calls from its own thread.
/// </remarks>
internal sealed class DecodedBatches(OffsetLog log, RecordFormat format)
{
    private const int RecentMax = 4;
    private readonly Lock _lock = new();
    private readonly RecordDecoder _decoder = format.NewDecoder();
    private readonly List<DecodedBatch> _recent = [];
    private readonly Stack<DecodedBatch> _free = new();

    /// <summary>
    /// The batch after <paramref name="after"/>, within the limits of records and bytes; null at the head.
    /// </summary>
    /// <exception cref="LogDamagedException">A record does not verify.</exception>
    public DecodedBatch? Take(Offset after, RunLimits limits)
    {
        lock (_lock)
        {
            Offset head = log.Head;
            if (after >= head) return null;
            foreach (DecodedBatch batch in _recent)
            {
                if (batch.After == after && batch.Count <= limits.RecordsMax && batch.TryTake()) return batch;
            }
            DecodedBatch fresh = Decode(after, head, limits);
            Remember(fresh);
            return fresh;
        }
    }

    /// <summary>
    /// As <see cref="Take"/>, but the batch is not shared. Used when another view holds the shared batch.
    /// </summary>
    /// <exception cref="LogDamagedException">A record does not verify.</exception>
    public DecodedBatch? DecodeExclusive(Offset after, RunLimits limits)
    {
        lock (_lock)
        {
            Offset head = log.Head;
            return after >= head ? null : Decode(after, head, limits);
        }
    }

    /// <summary>Stops sharing the batches decoded before this call, because a record was deleted.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            foreach (DecodedBatch batch in _recent) batch.Dispose();
            _recent.Clear();
        }
    }

    private DecodedBatch Decode(Offset after, Offset head, RunLimits limits)
    {
        DecodedBatch batch = _free.TryPop(out DecodedBatch? free) ? free : new DecodedBatch(GiveBack);
        batch.Begin(after);
        Offset at = after.IsSome ? log.Next(after) : Offset.Zero;
        while (at <= head && batch.Count < limits.RecordsMax && batch.Bytes < limits.BytesMax)
        {
            if (!log.TryRead(at, out LogRecord record)) break;
            if (!record.Deleted) _decoder.Decode(record.Offset, record.Payload.Span, batch.NextRecord(_decoder));
            batch.Cover(record.Offset, record.Next.Value - record.Offset.Value);
            at = record.Next;
        }
        return batch;
    }

    /// <summary>Caches a batch for other views. The cache releases it when newer batches replace it.</summary>
    private void Remember(DecodedBatch batch)
    {
        batch.TryTake();
        _recent.Add(batch);
        if (_recent.Count <= RecentMax) return;
        DecodedBatch oldest = _recent[0];
        _recent.RemoveAt(0);
        oldest.Dispose();
    }

    private void GiveBack(DecodedBatch batch)
    {
        lock (_lock)
        {
            if (_free.Count < RecentMax) _free.Push(batch);
        }
    }
}

/// <summary>The size limits of one step.</summary>
/// <param name="RecordsMax">The maximum number of records.</param>
/// <param name="BytesMax">The batch ends after the record that reaches this many bytes of log.</param>
internal readonly record struct RunLimits(int RecordsMax, long BytesMax);
