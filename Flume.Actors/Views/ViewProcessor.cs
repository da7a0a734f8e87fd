using Flume.Log;
using Flume.Log.Primitives;
using Flume.Ssb.Api;
using Flume.Views;
using Flume.Views.Indexing;
using Flume.Views.Rebuilds;
using Flume.Views.Registered;
using Flume.Views.Store;

namespace Flume.Actors;

/// <summary>The stores of one view and the indexer that fills them; everything of a view that touches the disk.</summary>
/// <remarks>
/// 1. Steps go into the serving store. While a fresh one closes in they go into that, and into the serving one as well
/// where its rows can follow: its readers wait for it. The fresh one gets twice as many entries, so it gets there.
/// 2. The serving store stays on the shelf when this is gone: the next incarnation of the actor finds it there.
/// Belongs to one thread at a time.
/// </remarks>
internal sealed partial class ViewProcessor(IdentityContext context, ServingView serving, DecodedBatches batches)
{
    /// <summary>What decoding a run anew costs, about: so long is it better to wait for a view that has it.</summary>
    private static readonly TimeSpan SharedBatchWait = TimeSpan.FromMilliseconds(5);

    private readonly ViewStores _stores = context.Stores(serving.View.Name);
    private readonly AdaptiveBatch _alone = new(AdaptiveBatchLimits.From(context.Settings.Views));
    private readonly AdaptiveBatch _beside = new(AdaptiveBatchLimits.FromBeside(context.Settings.Views));
    private readonly OffsetLog _log = context.Session.Log!;
    private ViewIndexer? _servingIndexer;
    private ViewIndexer? _freshIndexer;
    private NextStore? _next;
    private IOException? _servingFailure;
    private bool _isDirty;
    private bool _hasReportedCompaction;
    private bool _hasReportedTooFarBehind;

    /// <summary>The last entry that the store being filled reflects.</summary>
    public Offset Since => Filled?.Checkpoint.Since ?? Offset.None;

    /// <summary>The store that entries go into; null before there is one.</summary>
    public IViewStore? Filled => _next?.Store ?? serving.Store;

    /// <summary>The part of the log that the rows of a fresh store reflect, 0 to 1.</summary>
    public double PartFilled =>
        _next is null ? 0 : Math.Clamp((Since.Value + 1.0) / Math.Max(1, _log.Head.Value + 1), 0, 1);

    /// <summary>Finds the store to serve from, on the shelf or on disk.</summary>
    public ViewStoreOpening Open()
    {
        ViewStoreOpening opening = serving.Opening is { } left && serving.Store is not null
            ? left with { ShouldReport = false }
            : _stores.Open(_log);
        serving.Serve(opening);
        if (opening.IsUsable) _servingIndexer = new(serving.View, opening.Store);
        return opening;
    }

    /// <summary>Applies the next entries, as many as fit the time that a step should take.</summary>
    /// <param name="mayFollow">True when the serving rows may go on while a fresh store closes in.</param>
    /// <exception cref="ViewApplyException">The view threw; what came before is committed.</exception>
    /// <exception cref="LogDamagedException">The next record does not verify.</exception>
    public StepDone Step(bool mayFollow)
    {
        long start = context.Time.GetTimestamp();
        bool isBeside = _freshIndexer is not null && mayFollow;
        AdaptiveBatch batch = isBeside ? _beside : _alone;
        RunLimits limits = new(EntriesForStep(batch.Entries), context.Settings.Views.StepBytesMax);
        ViewIndexer filling = (_freshIndexer ?? _servingIndexer)!;
        int records = 0;
        // Of a client view a step only looks whether fresh rows may serve: the entries come from its client.
        if (serving.ClientSession is null)
        {
            if (isBeside) Advance(_servingIndexer!, limits with { RecordsMax = (limits.RecordsMax + 1) / 2 });
            records = isBeside ? 0 : AdvanceFar(filling);
            bool isFar = records > 0;
            if (!isFar) records = Advance(filling, limits);
            bool isBehind = filling.Since < _log.Head;
            if (records > 0 && !isFar) batch.Learn(records, context.Time.GetElapsedTime(start), isBehind);
        }

        Offset head = _log.Head, since = filling.Since;
        Offset current = serving.Since < head ? serving.Since : head;
        return new(since >= head || serving.ClientSession is not null, _next is not null && since >= current)
        {
            Took = context.Time.GetElapsedTime(start), Records = records,
        };
    }

    /// <summary>Commits what a client made of entries up to <paramref name="since"/> (inclusive).</summary>
    public void Commit(ViewBatch rows, Offset since)
    {
        Checkpoint at = Filled!.Checkpoint;
        Checkpoint next = at with
        {
            Version = serving.View.Version, Since = since, Fingerprint = LogFingerprint.At(_log, since),
        };
        if (_next is null) GuardServing(() => Filled.Commit(rows, next));
        else Filled.Commit(rows, next);
        serving.Tracker.Rate.Add(serving.ClientSession!.Confirm(since));
        serving.Tracker.Failures.Reached(since);
        _isDirty = true;
    }

    /// <summary>How long the view's budget lets it rest after a step; zero for not at all.</summary>
    public TimeSpan RestAfter(StepDone step)
    {
        IndexBudget budget = serving.Tracker.OperatorState.Budget;
        TimeSpan forShare = step.Took * (1 / budget.Share - 1);
        if (budget.RecordsPerSecond is not { } rate) return forShare;
        TimeSpan forRate = TimeSpan.FromSeconds(step.Records / rate) - step.Took;
        return forShare > forRate ? forShare : forRate;
    }

    /// <summary>Takes a fresh store; the next steps go into it.</summary>
    public void OpenNext(NextStore next)
    {
        _next = next;
        _freshIndexer = new(serving.View, next.Store);
    }

    /// <summary>Lets the fresh store serve, now and after a restart.</summary>
    public void Promote()
    {
        _stores.Promote(_next!);
        serving.Serve(new ViewStoreOpening(_next!.Store, IsUsable: true, PendingRebuild: null));
        (_servingIndexer, _freshIndexer, _next) = (_freshIndexer, null, null);
        _hasReportedCompaction = _hasReportedTooFarBehind = false;
    }

    /// <summary>Gives the fresh store up; the next steps go into the serving one.</summary>
    public void DropNext()
    {
        if (_next is null) return;
        Abandon(_next);
        (_freshIndexer, _next) = (null, null);
    }

    /// <summary>Removes a fresh store that nobody wants any more.</summary>
    public void Abandon(NextStore unwanted) => _stores.Abandon(unwanted);

    /// <summary>Why the rows of the records before an offset can't be kept; null when they can.</summary>
    public string? WhyNotFrom(Offset from)
    {
        if (!from.IsSome || !_log.StartsRecord(from.Value, _log.EndPosition))
            return $"no record of the log starts there. Give an offset that a read has returned; the last is {_log.Head}.";
        return serving.Store?.Checkpoint is { } at && at.Since < _log.StartBefore(from.Value)
            ? $"its rows reach to {at.Since} only, and what follows is derived anyway."
            : WhyNotRetain();
    }

    /// <summary>The offset from which on a rebuild need derive rows when it keeps all that serve; null when it can't keep any.</summary>
    public Offset? RetainableFrom() =>
        serving.Store?.Checkpoint is { Since.IsSome: true } at && WhyNotRetain() is null ? _log.Next(at.Since) : null;

    private string? WhyNotRetain()
    {
        if (serving.View is ISequentialView)
            return "its rows add up over the whole log. Leave 'from' out.";
        if (serving.Opening is not { IsUsable: true } || serving.Store is not { } current)
            return "it has no rows of its version to keep. Leave 'from' out.";
        using IViewReader rows = current.OpenReader();
        return RetainedPostings.CanBeTaken(rows) ? null
            : "it has rows by key, which don't tell the record that they are of. Leave 'from' out.";
    }

    /// <summary>Why rows are worth packing anew, told once; null when they are not.</summary>
    public string? WhyCompact()
    {
        if (_hasReportedCompaction || serving.Store?.Checkpoint is not { } at || !RebuildReason.NeedsCompaction(at)) return null;
        _hasReportedCompaction = true;
        return RebuildReason.Compaction(at).Text;
    }

    /// <summary>
    /// Why building afresh is done sooner than going on, told once until it was done; null when it is not.
    /// </summary>
    public string? WhyTooFarBehind()
    {
        if (_hasReportedTooFarBehind || serving.View is ISequentialView and not IOwnStoreView) return null;
        if (RebuildReason.TooFarBehind(serving.View, _servingIndexer!.Since, _log.EndPosition) is not { } reason) return null;
        _hasReportedTooFarBehind = true;
        return reason.Text;
    }

    /// <summary>Makes the rows safe from power loss, when any came since the last time.</summary>
    public void Flush()
    {
        if (!_isDirty) return;
        _isDirty = false;
        if (_next is null) GuardServing(() => serving.Store?.Flush());
        else Filled?.Flush();
    }

    /// <summary>An error stopped the view: counts it, and takes a store that itself is the error off the shelf.</summary>
    public void Failed(Exception cause)
    {
        if (cause is ViewLimitException) serving.Tracker.Failures.FailedForGood(serving.Since, cause.Message);
        else serving.Tracker.Failures.Failed(serving.Since, cause.Message);
        if (serving.Store is not null && !IsOfServingStore(cause)) return;
        serving.Withdraw();
        _stores.CloseServing();
    }

    /// <summary>An error of the log, of the box cache or of a fresh store says nothing about the rows that serve.</summary>
    private bool IsOfServingStore(Exception cause) => cause switch
    {
        StoreDamagedException damage => serving.Store is not RocksViewStore current || damage.Store == current.Folder,
        IOException => ReferenceEquals(cause, _servingFailure),
        _ => false,
    };

    private void GuardServing(Action work)
    {
        try
        {
            work();
        }
        catch (IOException cause)
        {
            _servingFailure = cause;
            throw;
        }
    }

    /// <summary>One run into one store; the records it had.</summary>
    private int Advance(ViewIndexer indexer, RunLimits limits, bool holds = false)
    {
        using DecodedBatch? shared = batches.Take(indexer.Applied, limits);
        if (shared is null) return 0;
        int records = 0;
        bool isDone = false;
        if (ReferenceEquals(indexer, _servingIndexer))
            GuardServing(() => isDone = indexer.TryStep(shared, SharedBatchWait, out records, holds));
        else isDone = indexer.TryStep(shared, SharedBatchWait, out records, holds);
        if (!isDone) records = AdvanceAlone(indexer, limits);
        serving.Tracker.Rate.Add(records);
        serving.Tracker.Failures.Reached(indexer.Since);
        _isDirty = true;
        return records;
    }

    /// <summary>Another view is slow with the run that both stand before: one view never waits for another.</summary>
    private int AdvanceAlone(ViewIndexer indexer, RunLimits limits)
    {
        using DecodedBatch? own = batches.DecodeExclusive(indexer.Applied, limits);
        if (own is null) return 0;
        if (!ReferenceEquals(indexer, _servingIndexer)) return indexer.Step(own);
        int records = 0;
        GuardServing(() => records = indexer.Step(own));
        return records;
    }

    /// <summary>A view with a rate takes about a second's worth at once, so that its rests stay short.</summary>
    private int EntriesForStep(int entries) =>
        serving.Tracker.OperatorState.Budget.RecordsPerSecond is { } rate ? (int)Math.Clamp(rate, 1, entries) : entries;
}

/// <summary>What a step came to.</summary>
/// <param name="IsAtHead">Nothing more is there to apply.</param>
/// <param name="MayPromote">The fresh rows are at least as fresh as the serving ones, so no reader would go back.</param>
internal readonly record struct StepDone(bool IsAtHead, bool MayPromote)
{
    /// <summary>How long it took.</summary>
    public TimeSpan Took { get; init; }

    /// <summary>How many records it applied.</summary>
    public int Records { get; init; }
}

/// <summary>What a view found to serve from.</summary>
/// <param name="Store">The rows; empty ones when there were none.</param>
/// <param name="IsUsable">True when they can follow the log.</param>
/// <param name="PendingRebuild">Why they must be rebuilt, with the values; null when they need not be.</param>
internal sealed record ViewStoreOpening(IViewStore Store, bool IsUsable, string? PendingRebuild)
{
    /// <summary>True when it is worth a line in the process's log: not for a first build, nor found a second time.</summary>
    public bool ShouldReport { get; init; }
}
