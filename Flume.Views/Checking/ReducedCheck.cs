using Flume.Log;
using Flume.Views.Records;
using Flume.Views.Registered;
using Flume.Views.Store;

namespace Flume.Views.Checking;

/// <summary>
/// Checks a view that folds records in log order: folds the log again in memory and compares all rows.
/// </summary>
/// <remarks>Memory grows with the rows of the view, not with the log.</remarks>
internal sealed class ReducedCheck(IReducingView view, ViewCheckTarget target, ViewCheckOptions options)
{
    private const int CommitEvery = 4096;

    /// <summary>Runs the check and completes the report.</summary>
    public ViewCheckReport Run(ViewCheckReport report, CancellationToken cancel)
    {
        using MemoryViewStore meant = new();
        (long records, long skipped) = Fold(meant, cancel);
        DifferenceList differences = new(options.ListedMax);
        using IViewReader expected = meant.OpenReader();
        long rows = Compare(expected, differences, cancel);
        long stored = target.Rows.Checkpoint.Skipped;
        return report with
        {
            IsFull = true,
            Records = records,
            Rows = rows,
            Wrong = differences.Count,
            Differences = differences.Listed,
            Faults = stored == skipped ? [] : [$"The store counts {stored} skipped records; the log has {skipped}."],
        };
    }

    private (long Records, long Skipped) Fold(MemoryViewStore into, CancellationToken cancel)
    {
        Offset since = target.Rows.Checkpoint.Since;
        if (!since.IsSome) return (0, 0);
        RowFold fold = view.Over(into);
        ViewBatch batch = into.NewBatch();
        RecordDecoder decoder = target.Format.NewDecoder();
        long records = 0, skipped = 0;
        LogCursor cursor = target.Log.Read(new LogRange { Lte = since, IncludeDeleted = true });
        while (cursor.MoveNext())
        {
            cancel.ThrowIfCancellationRequested();
            LogRecord record = cursor.Current;
            DecodedRecord decoded = decoder.Decode(record.Offset, record.Payload.Span);
            if (decoded.IsJson) fold.Apply(decoded, record.Offset.Value);
            else skipped++;
            if (++records % CommitEvery == 0 || record.Offset == since) Commit(fold, (into, batch), record.Offset);
        }

        return (records, skipped);
    }

    private void Commit(RowFold fold, (MemoryViewStore Store, ViewBatch Batch) into, Offset since)
    {
        into.Batch.Clear();
        into.Batch.Offset = since.Value;
        fold.WriteTo(into.Batch);
        into.Store.Commit(into.Batch, Checkpoint.At(view.Version, since));
    }

    private long Compare(IViewReader expected, DifferenceList into, CancellationToken cancel)
    {
        using IEnumerator<KeyValuePair<byte[], byte[]>> left = expected.Rows(default).GetEnumerator();
        using IEnumerator<KeyValuePair<byte[], byte[]>> right = target.Rows.Rows(default).GetEnumerator();
        bool hasLeft = left.MoveNext(), hasRight = right.MoveNext();
        long rows = 0;
        while (hasLeft || hasRight)
        {
            cancel.ThrowIfCancellationRequested();
            int order = !hasLeft ? 1 : !hasRight ? -1
                : left.Current.Key.AsSpan().SequenceCompareTo(right.Current.Key);
            if (order < 0) into.Add(new(RowFault.Missing, null, null, Text(left.Current), null));
            else if (order > 0) into.Add(new(RowFault.Extra, null, null, null, Text(right.Current)));
            else if (!left.Current.Value.AsSpan().SequenceEqual(right.Current.Value))
                into.Add(new(RowFault.Changed, null, null, Text(left.Current), Text(right.Current)));
            if (order >= 0) rows++;
            if (order <= 0) hasLeft = left.MoveNext();
            if (order >= 0) hasRight = right.MoveNext();
        }

        return rows;
    }

    private static string Text(in KeyValuePair<byte[], byte[]> row) =>
        $"{Convert.ToHexStringLower(row.Key)}={Convert.ToHexStringLower(row.Value)}";
}
