using Flume.Log;
using Flume.Log.Primitives;
using Flume.Ssb.Api;
using Flume.Views;
using Flume.Views.Indexing;
using Flume.Views.Rebuilds;
using Flume.Views.Registered;
using Flume.Views.Store;

namespace Flume.Actors;

/// <summary>Fills the stores of one view; does all disk work of the view.</summary>
/// <remarks>
/// 1. Steps go into the serving store. During a cut-over they go into the fresh store. They go into the serving store
/// too when its rows can follow, because reads wait for it. The fresh store gets twice as many entries, so it catches
/// up.
/// 2. The serving store stays published when this object is discarded: the next incarnation of the actor reuses it.
/// 3. One thread at a time uses it.
/// </remarks>
internal sealed partial class ViewProcessor(IdentityContext context, ServingView serving, DecodedBatches batches)
{
    /// <summary>
    /// About the cost of decoding a batch again. A view waits this long for another view that has the batch.
    /// </summary>
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

    /// <summary>Offset of the last entry that the filled store reflects.</summary>
    public Offset Since => Filled?.Checkpoint.Since ?? Offset.None;

    /// <summary>
    /// The store that steps go into: the fresh one if any, else the serving one. Null before the first.
    /// </summary>
    public IViewStore? Filled => _next?.Store ?? serving.Store;

    /// <summary>The part of the log that the rows of a fresh store reflect, 0 to 1.</summary>
    public double PartFilled =>
        _next is null ? 0 : Math.Clamp((Since.Value + 1.0) / Math.Max(1, _log.Head.Value + 1), 0, 1);

    /// <summary>Opens the serving store: the published one, or the one on disk.</summary>
    public ViewStoreOpening Open()
    {
        ViewStoreOpening opening = serving.Opening is { } published && serving.Store is not null
            ? published with { ShouldReport = false }
            : _stores.Open(_log);
        serving.Serve(opening);
        if (opening.IsUsable) _servingIndexer = new(serving.View, opening.Store);
        return opening;
    }

    /// <summary>Applies the next entries, as many as fit the target duration of a step.</summary>
    /// <param name="mayFollow">True when the serving rows may advance during a cut-over.</param>
    /// <exception cref="ViewApplyException">The view threw; the entries before are committed.</exception>
    /// <exception cref="LogDamagedException">The next record does not verify.</exception>
    public StepDone Step(bool mayFollow)
    {
        long start = context.Time.GetTimestamp();
        bool isBeside = _freshIndexer is not null && mayFollow;
        AdaptiveBatch batch = isBeside ? _beside : _alone;
        RunLimits limits = new(EntriesForStep(batch.Entries), context.Settings.Views.StepBytesMax);
        ViewIndexer filling = (_freshIndexer ?? _servingIndexer)!;
        int records = 0;
        // A step of a client view only checks whether fresh rows may serve: the client supplies the entries.
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

    /// <summary>
    /// Commits the rows that a client derived from entries up to <paramref name="since"/> (inclusive).
    /// </summary>
    public void Commit(ViewBatch rows, Offset since)
    {
        Checkpoint at = Filled!.Checkpoint;
        Checkpoint next = at with
        {
            Version = serving.View.Version,
            Since = since,
            Fingerprint = LogFingerprint.At(_log, since),
        };
        if (_next is null) GuardServing(() => Filled.Commit(rows, next));
        else Filled.Commit(rows, next);
        serving.Tracker.Rate.Add(serving.ClientSession!.Confirm(since));
        serving.Tracker.Failures.Reached(since);
        _isDirty = true;
    }

    /// <summary>The rest that the view's budget requires after a step; zero for none.</summary>
    public TimeSpan RestAfter(StepDone step)
    {
        IndexBudget budget = serving.Tracker.OperatorState.Budget;
        TimeSpan forShare = step.Took * (1 / budget.Share - 1);
        if (budget.RecordsPerSecond is not { } rate) return forShare;
        TimeSpan forRate = TimeSpan.FromSeconds(step.Records / rate) - step.Took;
        return forShare > forRate ? forShare : forRate;
    }

    /// <summary>Adopts a fresh store; the next steps go into it.</summary>
    public void OpenNext(NextStore next)
    {
        _next = next;
        _freshIndexer = new(serving.View, next.Store);
    }

    /// <summary>Makes the fresh store the serving one, durably.</summary>
    public void Promote()
    {
        _stores.Promote(_next!);
        serving.Serve(new ViewStoreOpening(_next!.Store, IsUsable: true, PendingRebuild: null));
        (_servingIndexer, _freshIndexer, _next) = (_freshIndexer, null, null);
        _hasReportedCompaction = _hasReportedTooFarBehind = false;
    }

    /// <summary>Abandons the fresh store; the next steps go into the serving one.</summary>
    public void DropNext()
    {
        if (_next is null) return;
        Abandon(_next);
        (_freshIndexer, _next) = (null, null);
    }

    /// <summary>Removes a fresh store.</summary>
    public void Abandon(NextStore next) => _stores.Abandon(next);

    /// <summary>Reason why the rows of records before an offset can't be retained; null when they can.</summary>
    public string? WhyNotFrom(Offset from)
    {
        if (!from.IsSome || !_log.StartsRecord(from.Value, _log.EndPosition))
            return $"no record starts there. Use an offset that a read has returned; the last is {_log.Head}.";
        return serving.Store?.Checkpoint is { } at && at.Since < _log.StartBefore(from.Value)
            ? $"its rows end at {at.Since}, so all later rows are derived anyway."
            : WhyNotRetain();
    }

    /// <summary>
    /// The first offset that a rebuild must derive when it retains all serving rows; null when it can't retain them.
    /// </summary>
    public Offset? RetainableFrom() =>
        serving.Store?.Checkpoint is { Since.IsSome: true } at && WhyNotRetain() is null ? _log.Next(at.Since) : null;

    private string? WhyNotRetain()
    {
        if (serving.View is ISequentialView)
            return "its rows accumulate over the whole log. Omit 'from'.";
        if (serving.Opening is not { IsUsable: true } || serving.Store is not { } current)
            return "it has no rows of its version to retain. Omit 'from'.";
        using IViewReader rows = current.OpenReader();
        return RetainedPostings.CanBeTaken(rows) ? null
            : "it has rows by key, which do not name their record. Omit 'from'.";
    }

    /// <summary>Reason to compact the store, reported at most once; null without one.</summary>
    public string? WhyCompact()
    {
        if (_hasReportedCompaction || serving.Store?.Checkpoint is not { } at) return null;
        if (!RebuildReason.NeedsCompaction(at)) return null;
        _hasReportedCompaction = true;
        return RebuildReason.Compaction(at).Text;
    }

    /// <summary>
    /// Reason why a rebuild ends sooner than the steps that remain, reported once per store; null without one.
    /// </summary>
    public string? WhyTooFarBehind()
    {
        if (_hasReportedTooFarBehind || serving.View is ISequentialView and not IOwnStoreView) return null;
        if (RebuildReason.TooFarBehind(serving.View, _servingIndexer!.Since, _log.EndPosition) is not { } reason)
            return null;
        _hasReportedTooFarBehind = true;
        return reason.Text;
    }

    /// <summary>Syncs rows to the device, when any were committed since the last sync.</summary>
    public void Flush()
    {
        if (!_isDirty) return;
        _isDirty = false;
        if (_next is null) GuardServing(() => serving.Store?.Flush());
        else Filled?.Flush();
    }

    /// <summary>
    /// Counts an error that stopped the view, and closes the serving store when that store caused it.
    /// </summary>
    public void Failed(Exception cause)
    {
        if (cause is ViewLimitException) serving.Tracker.Failures.FailedForGood(serving.Since, cause.Message);
        else
            serving.Tracker.Failures.Failed(
                serving.Since, cause.Message, isOfDisk: cause is IOException or UnauthorizedAccessException);
        if (serving.Store is not null && !IsOfServingStore(cause)) return;
        serving.Withdraw();
        _stores.CloseServing();
    }

    /// <summary>
    /// True when the serving store caused the error; false for an error of the log, of the unbox cache or of a fresh
    /// store.
    /// </summary>
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

    /// <summary>Applies one batch to one store and returns its number of records.</summary>
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

    /// <summary>
    /// Decodes the batch again when another view holds the shared one for too long: views never block each other.
    /// </summary>
    private int AdvanceAlone(ViewIndexer indexer, RunLimits limits)
    {
        using DecodedBatch? own = batches.DecodeExclusive(indexer.Applied, limits);
        if (own is null) return 0;
        if (!ReferenceEquals(indexer, _servingIndexer)) return indexer.Step(own);
        int records = 0;
        GuardServing(() => records = indexer.Step(own));
        return records;
    }

    /// <summary>Limits a step to about one second of the budget's rate, so that rests stay short.</summary>
    private int EntriesForStep(int entries) =>
        serving.Tracker.OperatorState.Budget.RecordsPerSecond is { } rate
            ? (int)Math.Clamp(rate, 1, entries)
            : entries;
}
