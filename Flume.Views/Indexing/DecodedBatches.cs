using Flume.Log;
using Flume.Views.Records;

namespace Flume.Views.Indexing;

/// <summary>Decodes runs of records and shares them among the views that stand at the same place.</summary>
/// <remarks>
/// 1. A run is decoded once while at least one view still holds it or it is among the last few.
/// 2. Never reads beyond the head as of the call.
/// 3. Thread-safe: views ask from threads of their own.
/// </remarks>
internal sealed class DecodedBatches(OffsetLog log, RecordFormat format)
{
    private const int RecentMax = 4;
    private readonly Lock _lock = new();
    private readonly RecordDecoder _decoder = format.NewDecoder();
    private readonly List<DecodedBatch> _recent = [];
    private readonly Stack<DecodedBatch> _free = new();

    /// <summary>
    /// The run behind <paramref name="after"/>, of at most these many records and bytes; null at the head.
    /// </summary>
    /// <exception cref="LogDamagedException">A record does not verify.</exception>
    public DecodedBatch? Take(Offset after, RunLimits limits)
    {
        lock (_lock)
        {
            Offset head = log.Head;
            if (after >= head) return null;
            foreach (DecodedBatch run in _recent)
            {
                if (run.After == after && run.Count <= limits.RecordsMax && run.TryTake()) return run;
            }
            DecodedBatch fresh = Decode(after, head, limits);
            Remember(fresh);
            return fresh;
        }
    }

    /// <summary>As <see cref="Take"/>, but decoded for the caller alone: another view is busy with the shared one.</summary>
    /// <exception cref="LogDamagedException">A record does not verify.</exception>
    public DecodedBatch? DecodeExclusive(Offset after, RunLimits limits)
    {
        lock (_lock)
        {
            Offset head = log.Head;
            return after >= head ? null : Decode(after, head, limits);
        }
    }

    /// <summary>Shares no run decoded before this call any more: a record of the log was deleted.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            foreach (DecodedBatch run in _recent) run.Dispose();
            _recent.Clear();
        }
    }

    private DecodedBatch Decode(Offset after, Offset head, RunLimits limits)
    {
        DecodedBatch run = _free.TryPop(out DecodedBatch? free) ? free : new DecodedBatch(GiveBack);
        run.Begin(after);
        Offset at = after.IsSome ? log.Next(after) : Offset.Zero;
        while (at <= head && run.Count < limits.RecordsMax && run.Bytes < limits.BytesMax)
        {
            if (!log.TryRead(at, out LogRecord record)) break;
            if (!record.Deleted) _decoder.Decode(record.Offset, record.Payload.Span, run.NextRecord(_decoder));
            run.Cover(record.Offset, record.Next.Value - record.Offset.Value);
            at = record.Next;
        }
        return run;
    }

    /// <summary>Keeps a run for the views that come later; its own hold on it ends when it falls out.</summary>
    private void Remember(DecodedBatch run)
    {
        run.TryTake();
        _recent.Add(run);
        if (_recent.Count <= RecentMax) return;
        DecodedBatch oldest = _recent[0];
        _recent.RemoveAt(0);
        oldest.Dispose();
    }

    private void GiveBack(DecodedBatch run)
    {
        lock (_lock)
        {
            if (_free.Count < RecentMax) _free.Push(run);
        }
    }
}

/// <summary>How much one step may take.</summary>
/// <param name="RecordsMax">Records at most.</param>
/// <param name="BytesMax">Stop after the record that reaches this many bytes of log.</param>
internal readonly record struct RunLimits(int RecordsMax, long BytesMax);
