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
internal sealed class ViewProcessor(IdentityContext place, ServingView shelf, DecodedBatches runs)
{
    /// <summary>What decoding a run anew costs, about: so long is it better to wait for a view that has it.</summary>
    private static readonly TimeSpan SharedPatience = TimeSpan.FromMilliseconds(5);

    private readonly ViewStoreAccess _home = place.Home(shelf.View.Name);
    private readonly AdaptiveBatch _alone = new(AdaptiveBatchLimits.From(place.Settings.Views));
    private readonly AdaptiveBatch _beside = new(AdaptiveBatchLimits.FromBeside(place.Settings.Views));
    private readonly OffsetLog _log = place.Board.Log!;
    private ViewIndexer? _serving;
    private ViewIndexer? _fresh;
    private NextStore? _next;
    private IOException? _servingFailure;
    private bool _isDirty;
    private bool _hasToldOutgrown;
    private bool _hasToldOvertaken;

    /// <summary>The last entry that the store being filled reflects.</summary>
    public Offset Since => Filled?.Checkpoint.Since ?? Offset.None;

    /// <summary>The store that entries go into; null before there is one.</summary>
    public IViewStore? Filled => _next?.Store ?? shelf.Store;

    /// <summary>The part of the log that the rows of a fresh store reflect, 0 to 1.</summary>
    public double PartFilled =>
        _next is null ? 0 : Math.Clamp((Since.Value + 1.0) / Math.Max(1, _log.Head.Value + 1), 0, 1);

    /// <summary>Finds the store to serve from, on the shelf or on disk.</summary>
    public ViewStoreOpening Open()
    {
        ViewStoreOpening opening = shelf.Opening is { } left && shelf.Store is not null
            ? left with { IsNews = false }
            : _home.Open(_log);
        shelf.Serve(opening);
        if (opening.IsUsable) _serving = new(shelf.View, opening.Store);
        return opening;
    }

    /// <summary>Applies the next entries, as many as fit the time that a step should take.</summary>
    /// <param name="mayFollow">True when the serving rows may go on while a fresh store closes in.</param>
    /// <exception cref="ViewApplyException">The view threw; what came before is committed.</exception>
    /// <exception cref="LogDamagedException">The next record does not verify.</exception>
    public StepDone Step(bool mayFollow)
    {
        long start = place.Time.GetTimestamp();
        bool isBeside = _fresh is not null && mayFollow;
        AdaptiveBatch batch = isBeside ? _beside : _alone;
        RunLimits limits = new(EntriesForStep(batch.Entries), place.Settings.Views.StepBytesMax);
        ViewIndexer filling = (_fresh ?? _serving)!;
        int records = 0;
        // Of a client view a step only looks whether fresh rows may serve: the entries come from its client.
        if (shelf.Desk is null)
        {
            if (isBeside) Advance(_serving!, limits with { RecordsMax = (limits.RecordsMax + 1) / 2 });
            records = Advance(filling, limits);
            bool isBehind = filling.Since < _log.Head;
            if (records > 0) batch.Learn(records, place.Time.GetElapsedTime(start), isBehind);
        }

        Offset head = _log.Head, since = filling.Since;
        Offset serving = shelf.Since < head ? shelf.Since : head;
        return new(since >= head || shelf.Desk is not null, _next is not null && since >= serving)
        {
            Took = place.Time.GetElapsedTime(start), Records = records,
        };
    }

    /// <summary>Commits what a client made of entries up to <paramref name="since"/> (inclusive).</summary>
    public void Commit(ViewBatch rows, Offset since)
    {
        Checkpoint at = Filled!.Checkpoint;
        Checkpoint next = at with
        {
            Version = shelf.View.Version, Since = since, Fingerprint = LogFingerprint.At(_log, since),
        };
        if (_next is null) GuardServing(() => Filled.Commit(rows, next));
        else Filled.Commit(rows, next);
        shelf.Rate.Add(shelf.Desk!.Confirm(since));
        shelf.Faults.Reached(since);
        _isDirty = true;
    }

    /// <summary>How long the view's budget lets it rest after a step; zero for not at all.</summary>
    public TimeSpan RestAfter(StepDone step)
    {
        IndexBudget budget = shelf.Memory.Budget;
        TimeSpan forShare = step.Took * (1 / budget.Share - 1);
        if (budget.RecordsPerSecond is not { } rate) return forShare;
        TimeSpan forRate = TimeSpan.FromSeconds(step.Records / rate) - step.Took;
        return forShare > forRate ? forShare : forRate;
    }

    /// <summary>Takes a fresh store; the next steps go into it.</summary>
    public void OpenNext(NextStore next)
    {
        _next = next;
        _fresh = new(shelf.View, next.Store);
    }

    /// <summary>Lets the fresh store serve, now and after a restart.</summary>
    public void Promote()
    {
        _home.Promote(_next!);
        shelf.Serve(new ViewStoreOpening(_next!.Store, IsUsable: true, Owed: null));
        (_serving, _fresh, _next) = (_fresh, null, null);
        _hasToldOutgrown = _hasToldOvertaken = false;
    }

    /// <summary>Gives the fresh store up; the next steps go into the serving one.</summary>
    public void DropNext()
    {
        if (_next is null) return;
        Abandon(_next);
        (_fresh, _next) = (null, null);
    }

    /// <summary>Removes a fresh store that nobody wants any more.</summary>
    public void Abandon(NextStore unwanted) => _home.Abandon(unwanted);

    /// <summary>Why the rows of the records before an offset can't be kept; null when they can.</summary>
    public string? WhyNotFrom(Offset from)
    {
        if (!from.IsSome || !_log.StartsRecord(from.Value, _log.EndPosition))
            return $"no record of the log starts there. Give an offset that a read has returned; the last is {_log.Head}.";
        return shelf.Store?.Checkpoint is { } at && at.Since < _log.StartBefore(from.Value)
            ? $"its rows reach to {at.Since} only, and what follows is derived anyway."
            : WhyNotKeep();
    }

    /// <summary>The offset from which on a rebuild need derive rows when it keeps all that serve; null when it can't keep any.</summary>
    public Offset? RetainableFrom() =>
        shelf.Store?.Checkpoint is { Since.IsSome: true } at && WhyNotKeep() is null ? _log.Next(at.Since) : null;

    private string? WhyNotKeep()
    {
        if (shelf.View is ISequentialView)
            return "its rows add up over the whole log. Leave 'from' out.";
        if (shelf.Opening is not { IsUsable: true } || shelf.Store is not { } serving)
            return "it has no rows of its version to keep. Leave 'from' out.";
        using IViewReader rows = serving.OpenReader();
        return RetainedPostings.CanBeTaken(rows) ? null
            : "it has rows by key, which don't tell the record that they are of. Leave 'from' out.";
    }

    /// <summary>Why rows are worth packing anew, told once; null when they are not.</summary>
    public string? TellOutgrown()
    {
        if (_hasToldOutgrown || shelf.Store?.Checkpoint is not { } at || !RebuildReason.HasOutgrown(at)) return null;
        _hasToldOutgrown = true;
        return RebuildReason.Outgrown(at).Text;
    }

    /// <summary>
    /// Why building afresh is done sooner than going on, told once until it was done; null when it is not.
    /// </summary>
    public string? TellOvertaken()
    {
        if (_hasToldOvertaken || shelf.View is ISequentialView and not IOwnStoreView) return null;
        if (RebuildReason.Overtaken(shelf.View, _serving!.Since, _log.EndPosition) is not { } reason) return null;
        _hasToldOvertaken = true;
        return reason.Text;
    }

    /// <summary>Makes the rows safe from power loss, when any came since the last time.</summary>
    public void Flush()
    {
        if (!_isDirty) return;
        _isDirty = false;
        if (_next is null) GuardServing(() => shelf.Store?.Flush());
        else Filled?.Flush();
    }

    /// <summary>An error stopped the view: counts it, and takes a store that itself is the error off the shelf.</summary>
    public void Failed(Exception cause)
    {
        if (cause is ViewLimitException) shelf.Faults.FailedForGood(shelf.Since, cause.Message);
        else shelf.Faults.Failed(shelf.Since, cause.Message, isOfDisk: cause is IOException or UnauthorizedAccessException);
        if (shelf.Store is not null && !IsOfServingStore(cause)) return;
        shelf.Take();
        _home.Close();
    }

    /// <summary>An error of the log, of the box cache or of a fresh store says nothing about the rows that serve.</summary>
    private bool IsOfServingStore(Exception cause) => cause switch
    {
        StoreDamagedException damage => shelf.Store is not RocksViewStore serving || damage.Store == serving.Folder,
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
    private int Advance(ViewIndexer indexer, RunLimits limits)
    {
        using DecodedBatch? shared = runs.Take(indexer.Since, limits);
        if (shared is null) return 0;
        int records = 0;
        bool isDone = false;
        if (ReferenceEquals(indexer, _serving))
            GuardServing(() => isDone = indexer.TryStep(shared, SharedPatience, out records));
        else isDone = indexer.TryStep(shared, SharedPatience, out records);
        if (!isDone) records = AdvanceAlone(indexer, limits);
        shelf.Rate.Add(records);
        shelf.Faults.Reached(indexer.Since);
        _isDirty = true;
        return records;
    }

    /// <summary>Another view is slow with the run that both stand before: one view never waits for another.</summary>
    private int AdvanceAlone(ViewIndexer indexer, RunLimits limits)
    {
        using DecodedBatch? own = runs.DecodeExclusive(indexer.Since, limits);
        if (own is null) return 0;
        if (!ReferenceEquals(indexer, _serving)) return indexer.Step(own);
        int records = 0;
        GuardServing(() => records = indexer.Step(own));
        return records;
    }

    /// <summary>A view with a rate takes about a second's worth at once, so that its rests stay short.</summary>
    private int EntriesForStep(int entries) =>
        shelf.Memory.Budget.RecordsPerSecond is { } rate ? (int)Math.Clamp(rate, 1, entries) : entries;
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
/// <param name="Owed">Why they must be rebuilt, with the values; null when they need not be.</param>
internal sealed record ViewStoreOpening(IViewStore Store, bool IsUsable, string? Owed)
{
    /// <summary>True when it is worth a line in the process's log: not for a first build, nor found a second time.</summary>
    public bool IsNews { get; init; }
}
