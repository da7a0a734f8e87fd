using Flume.Log;
using Flume.Log.Telemetry;
using Flume.Views.Records;
using Flume.Views.Registered;
using Flume.Views.Store;

namespace Flume.Views.Indexing;

/// <summary>Applies batches of records to one view's store, both live and while catching up.</summary>
/// <remarks>
/// 1. Rows and since are committed in one batch (I4): a crash leaves both or neither.
/// 2. A record that is not JSON is skipped and counted. If <c>Apply</c> throws, the view stops before that record, and
/// earlier records are committed.
/// 3. A reducing view commits whole steps. If it throws, since stays at the start of the step.
/// 4. A step may hold its commit; the next commit then covers both. <see cref="Since"/> is what is committed.
/// 5. Not thread-safe.
/// </remarks>
internal sealed class ViewIndexer(IView view, IViewStore store)
{
    private const int RememberedMax = 64;
    private readonly ViewBatch _batch = store.NewBatch();
    private readonly Queue<SkippedRecord> _skipped = new();
    private readonly RowFold? _fold = (view as IReducingView)?.Over(store);
    private Checkpoint? _held;

    /// <summary>The offset of the last record that the rows reflect.</summary>
    public Offset Since => store.Checkpoint.Since;

    /// <summary>
    /// The offset of the last record that was applied; beyond <see cref="Since"/> while a commit is held.
    /// </summary>
    public Offset Applied => _held?.Since ?? Since;

    /// <summary>The number of records skipped since the store was empty.</summary>
    public long Skipped => store.Checkpoint.Skipped;

    /// <summary>The most recently skipped records of this indexer, at most 64.</summary>
    public IReadOnlyCollection<SkippedRecord> LastSkipped => _skipped;

    /// <summary>Applies a batch that starts immediately after <see cref="Applied"/>, and commits.</summary>
    /// <returns>The number of applied records, including skipped ones.</returns>
    /// <exception cref="InvalidOperationException">The batch starts at another position.</exception>
    /// <exception cref="ViewApplyException">The view threw. Since is the record before.</exception>
    public int Step(DecodedBatch batch)
    {
        TryStep(batch, Timeout.InfiniteTimeSpan, out int records);
        return records;
    }

    /// <summary>
    /// As <see cref="Step"/>. Returns false without applying anything if the batch stays locked for longer than
    /// <paramref name="patience"/>. If <paramref name="holds"/>, a later step or <see cref="CommitHeld"/> commits.
    /// </summary>
    public bool TryStep(DecodedBatch batch, TimeSpan patience, out int records, bool holds = false)
    {
        records = batch.Count;
        if (!batch.Lock.TryEnter(patience)) return false;
        try
        {
            Apply(batch, holds);
            return true;
        }
        finally
        {
            if (batch.Lock.IsHeldByCurrentThread) batch.Lock.Exit();
        }
    }

    /// <summary>Commits what steps held; nothing when the last step failed or held nothing.</summary>
    public void CommitHeld()
    {
        if (_held is not { } next) return;
        _held = null;
        Commit(next);
    }

    private void Apply(DecodedBatch batch, bool holds)
    {
        Checkpoint start = _held ?? store.Checkpoint;
        _held = null;
        if (batch.After != start.Since)
            throw new InvalidOperationException(
                $"View '{view.Name}' has since {start.Since} and cannot apply a batch that follows {batch.After}.");
        _batch.Clear();
        var applying = Timing.Start(Instruments.ApplyDuration);
        long skipped = start.Skipped;
        Offset since = start.Since;
        for (int i = 0; i < batch.Count; i++)
        {
            DecodedRecord message = batch[i];
            if (message.IsJson) TryApply(message, since, skipped);
            else
            {
                skipped++;
                Remember(message);
            }
            since = message.Offset;
        }

        uint fingerprint = FingerprintOf(batch);

        // Writing the rows does not need the batch, so another view can use it now.
        batch.Lock.Exit();
        _fold?.WriteTo(_batch);
        applying.Stop("view", view.Name);
        _held = start with
        {
            Version = view.Version,
            Since = batch.Last,
            Skipped = skipped,
            Fingerprint = fingerprint,
        };
        if (!holds) CommitHeld();
        Count(batch.Count, skipped - start.Skipped);
    }

    // A deleted record at the end of a batch has no message and no fingerprint.
    private static uint FingerprintOf(DecodedBatch run) =>
        run.Count > 0 && run[run.Count - 1] is { } last && last.Offset == run.Last
            ? LogFingerprint.Of(last.Payload.Span)
            : 0;

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
            Commit(store.Checkpoint with
            {
                Version = view.Version,
                Since = since,
                Skipped = skipped,
                Fingerprint = 0,
            });
            throw new ViewApplyException(view.Name, message.Offset, cause);
        }
    }

    private void Remember(DecodedRecord message)
    {
        if (_skipped.Count == RememberedMax) _skipped.Dequeue();
        _skipped.Enqueue(new SkippedRecord(message.Offset, message.IsDeleted ? "Deleted" : "NotJson"));
    }
}

/// <summary>A record that a view skipped, and the reason.</summary>
internal sealed record SkippedRecord(Offset Offset, string Reason);
