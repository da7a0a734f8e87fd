using Flume.Log.Telemetry;
using Flume.Log;
using Flume.Views.Records;
using Flume.Views.Registered;
using Flume.Views.Store;

namespace Flume.Views.Indexing;

/// <summary>Applies runs of records to one view's store: the small path of live appends and of catching up.</summary>
/// <remarks>
/// 1. Rows and since go into the store in one batch (I4): a crash leaves both or neither.
/// 2. A record that is no JSON is skipped and counted; an <c>Apply</c> that throws stops the view before that
/// record, with everything before it committed.
/// 3. A folded view commits whole steps: one that throws leaves since where the step began.
/// 4. Belongs to one thread at a time.
/// </remarks>
internal sealed class ViewIndexer(IView view, IViewStore store)
{
    private const int RememberedMax = 64;
    private readonly ViewBatch _batch = store.NewBatch();
    private readonly Queue<SkippedRecord> _skipped = new();
    private readonly RowFold? _fold = (view as IReducingView)?.Over(store);

    /// <summary>The last record that the rows reflect.</summary>
    public Offset Since => store.Checkpoint.Since;

    /// <summary>Records skipped since the rows were begun.</summary>
    public long Skipped => store.Checkpoint.Skipped;

    /// <summary>The records skipped last, at most 64, since this indexer was made.</summary>
    public IReadOnlyCollection<SkippedRecord> LastSkipped => _skipped;

    /// <summary>Applies a run that begins right behind <see cref="Since"/>.</summary>
    /// <returns>Records applied, skipped ones included.</returns>
    /// <exception cref="InvalidOperationException">The run begins elsewhere.</exception>
    /// <exception cref="ViewApplyException">The view threw; since is the record before.</exception>
    public int Step(DecodedBatch run)
    {
        TryStep(run, Timeout.InfiniteTimeSpan, out int records);
        return records;
    }

    /// <summary>
    /// As <see cref="Step"/>; false, and nothing is applied, when another view is busy with the run for longer than
    /// <paramref name="patience"/>.
    /// </summary>
    public bool TryStep(DecodedBatch run, TimeSpan patience, out int records)
    {
        records = run.Count;
        if (!run.Gate.TryEnter(patience)) return false;
        try
        {
            Apply(run);
            return true;
        }
        finally
        {
            if (run.Gate.IsHeldByCurrentThread) run.Gate.Exit();
        }
    }

    private void Apply(DecodedBatch run)
    {
        Checkpoint start = store.Checkpoint;
        if (run.After != start.Since)
            throw new InvalidOperationException(
                $"View '{view.Name}' stands at {start.Since} and can't apply a run that follows {run.After}.");
        _batch.Clear();
        var applying = Timing.Start(Instruments.ApplyDuration);
        long skipped = start.Skipped;
        Offset since = start.Since;
        for (int i = 0; i < run.Count; i++)
        {
            DecodedRecord message = run[i];
            if (message.IsJson) TryApply(message, since, skipped);
            else
            {
                skipped++;
                Remember(message);
            }
            since = message.Offset;
        }

        // Writing the rows needs the run no more: the next view may have it meanwhile.
        run.Gate.Exit();
        _fold?.WriteTo(_batch);
        applying.Stop("view", view.Name);
        Commit(start with { Version = view.Version, Since = run.Last, Skipped = skipped });
        Count(run.Count, skipped - start.Skipped);
    }

    private void Count(int applied, long skipped)
    {
        var tag = new KeyValuePair<string, object?>("view", view.Name);
        if (Instruments.Applied.Enabled) Instruments.Applied.Add(applied, tag);
        if (skipped > 0) Instruments.Skipped.Add(skipped, tag);
    }

    private void Commit(Checkpoint next)
    {
        var committing = Timing.Start(Instruments.CommitDuration);
        store.Commit(_batch, next);
        committing.Stop("view", view.Name);
    }

    private void TryApply(DecodedRecord message, Offset since, long skipped)
    {
        BatchMark mark = _batch.Mark();
        _batch.Offset = message.Offset.Value;
        try
        {
            if (_fold is null) view.Apply(message, _batch);
            else _fold.Apply(message, message.Offset.Value);
        }
        catch (Exception cause) when (_fold is null && cause is not OutOfMemoryException)
        {
            _batch.RollbackTo(mark);
            Commit(store.Checkpoint with { Version = view.Version, Since = since, Skipped = skipped });
            throw new ViewApplyException(view.Name, message.Offset, cause);
        }
    }

    private void Remember(DecodedRecord message)
    {
        if (_skipped.Count == RememberedMax) _skipped.Dequeue();
        _skipped.Enqueue(new SkippedRecord(message.Offset, message.IsDeleted ? "Deleted" : "NotJson"));
    }
}

/// <summary>A record that a view left out, and why.</summary>
internal sealed record SkippedRecord(Offset Offset, string Reason);
