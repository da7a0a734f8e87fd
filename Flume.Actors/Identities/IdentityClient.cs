using System.Diagnostics;
using Akka.Actor;
using Flume.Actors.Protocol;
using Flume.Log;
using Flume.Log.Telemetry;
using Flume.Query.MapFilterReduce;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;
using Flume.Ssb.Publishing;
using Flume.Ssb.Views;
using Flume.Views;
using static Flume.Actors.Protocol.IdentityProtocol;
using static Flume.Actors.Protocol.LogProtocol;
using static Flume.Actors.Protocol.ViewProtocol;

namespace Flume.Actors;

/// <summary>
/// The implementation of <see cref="IIdentity"/>: maps calls to messages, and answers to results or typed errors.
/// </summary>
/// <remarks>
/// A read of a fresh view sends no message: it leases from the <see cref="ServingView"/> on the caller's thread.
/// </remarks>
internal sealed class IdentityClient(IdentityContext context, IdentityCalls calls) : IIdentity
{
    /// <summary>
    /// Longest time for the log's answer to an append, independent of the caller's wait; later the answer is lost.
    /// </summary>
    private static readonly TimeSpan LostAfter = TimeSpan.FromHours(1);

    private readonly AppendAdmission _admission = new(AppendLimits.From(context.Settings.Append, context.Log.Options));
    private FeedPublisher? _publisher;

    /// <inheritdoc/>
    public string Name => context.Name;

    /// <inheritdoc/>
    public IdentityKind Kind => context.Kind;

    /// <inheritdoc/>
    public string Directory => Path.GetDirectoryName(Path.GetFullPath(context.Files.Secret))!;

    /// <inheritdoc/>
    public bool IsOpen => context.Session.Log is not null;

    /// <inheritdoc/>
    public FeedKeys? Keys => context.Keys;

    /// <inheritdoc/>
    public OffsetLog Log => context.Session.Log ?? throw new IdentityRejectedException(
        $"The log of identity '{Name}' is not open in this process. Call {nameof(LogStatusAsync)} to open it, then "
        + "read; in a cluster, use the node that owns it.");

    /// <inheritdoc/>
    public ViewCatalog Views => context.Catalog;

    /// <inheritdoc/>
    public FeedPublisher Publisher =>
        LazyInitializer.EnsureInitialized(ref _publisher, () => new(this, context.Time))!;

    /// <inheritdoc/>
    public IRegisteredViews Registered => field ??= new ActorViews(context, calls, this);

    /// <inheritdoc/>
    public IdentityServices Services { get; } = new();

    /// <inheritdoc/>
    public QueryLimits QueryLimits => context.Settings.Reads.Queries;

    /// <inheritdoc/>
    public Unboxer? Boxes => context.Session.Boxes;

    /// <inheritdoc/>
    public async ValueTask<ViewRead> ReadAsync(string view, ReadFreshness freshness, CancellationToken cancel = default)
    {
        ServingView serving = context.Session.Serving(view)
            ?? throw NoSuchView(view);
        using Activity? activity = Trace("read");
        activity?.SetTag("flume.view", view);
        context.Session.Enter();
        try
        {
            OffsetLog log = await OpenLogAsync(cancel).ConfigureAwait(false);
            Offset target = freshness.SinceFor(log.Head);
            if (target > log.Head) throw BeyondHead(view, target, log);
            DateTimeOffset deadline = context.Time.GetUtcNow() + context.Settings.Reads.WaitMax;
            while (true)
            {
                if (serving.TryOpen(target) is { } read) return read;
                await WaitAsync(serving, new AwaitSince(view, target, deadline), cancel).ConfigureAwait(false);
            }
        }
        finally
        {
            context.Session.Leave();
        }
    }

    /// <inheritdoc/>
    public async ValueTask<Appended> AppendAsync(
        IReadOnlyList<ReadOnlyMemory<byte>> payloads, AppendTerms terms, CancellationToken cancel = default)
    {
        long bytes = 0;
        for (int i = 0; i < payloads.Count; i++) bytes += payloads[i].Length;
        if (!_admission.TryEnter(payloads.Count, bytes))
        {
            AppendTelemetry.Refused(AppendRejection.Busy);
            throw new AppendRejectedException(AppendRejection.Busy, _admission.Refusal());
        }

        Append append = new(payloads, terms);
        Task<Appended> answer = AnswerAsync(append, bytes);
        TimeSpan within = context.Settings.Identities.AnswerWithin;
        try
        {
            return await answer.WaitAsync(within, context.Time, cancel).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw calls.Unanswered(append, within);
        }
    }

    /// <summary>
    /// The log's answer to an append. The append occupies the queue until then, also when its caller has left.
    /// </summary>
    private async Task<Appended> AnswerAsync(Append append, long bytes)
    {
        using Activity? activity = Trace("append");
        AppendTelemetry telemetry = new(activity, append.Payloads.Count, bytes, append.Durability);
        context.Session.Enter();
        try
        {
            Appended appended = await calls.AskAsync<Appended>(append, LostAfter, CancellationToken.None)
                .ConfigureAwait(false);
            telemetry.Done();
            return appended;
        }
        catch (Exception error)
        {
            AppendTelemetry.Failed(error);
            activity?.SetTag("error.type", error.GetType().FullName).SetStatus(ActivityStatusCode.Error, error.Message);
            throw;
        }
        finally
        {
            _admission.Leave(append.Payloads.Count, bytes);
            context.Session.Leave();
        }
    }

    /// <inheritdoc/>
    public async ValueTask<Offset> WaitForHeadAsync(Offset beyond, CancellationToken cancel = default)
    {
        if (!context.Session.TryEnterWaiting(context.Settings.Reads.LiveMax)) throw TooManyWait();
        context.Session.Enter();
        try
        {
            OffsetLog log = await OpenLogAsync(cancel).ConfigureAwait(false);
            return await log.WaitForHeadAsync(beyond, cancel).ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            throw new ReadRejectedException(
                ReadRejection.Stopping, $"Identity '{Name}' closed while the call waited for a head change.");
        }
        finally
        {
            context.Session.LeaveWaiting();
            context.Session.Leave();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(Offset offset, CancellationToken cancel = default)
    {
        await OpenLogAsync(cancel).ConfigureAwait(false);
        await Publisher.ThrowIfNewestAsync(offset, cancel).ConfigureAwait(false);
        await calls.AskAsync<Deleted>(new Delete(offset), cancel).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask ReopenLogAsync(CancellationToken cancel = default) =>
        await calls.AskAsync<Reopened>(new Reopen(), cancel).ConfigureAwait(false);

    /// <inheritdoc/>
    public ValueTask<LogStatus> LogStatusAsync(CancellationToken cancel = default) =>
        calls.AskAsync<LogStatus>(new GetLogStatus(), cancel);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ViewStatus>> StatusAsync(CancellationToken cancel = default) =>
        (await calls.AskAsync<ViewStatuses>(new GetStatus(), cancel).ConfigureAwait(false)).Views;

    /// <summary>
    /// The state of every view as published, without a question to an actor; none while the log is closed.
    /// </summary>
    public IReadOnlyList<ViewStatus> Peek()
    {
        try
        {
            return context.Session.Log is { } log
                ? [.. context.Session.ServingViews.Select(serving => serving.Tracker.Status(log))] : [];
        }
        catch (ObjectDisposedException)
        {
            return [];
        }
    }

    /// <inheritdoc/>
    public ValueTask<CommandOutcome> RebuildAsync(
        ViewSelection views, Offset? from = null, CancellationToken cancel = default)
    {
        string reason = from is { } offset ? $"requested from offset {offset}" : "requested";
        return CommandAsync(views, view => new Rebuild(view, reason) { From = from }, cancel);
    }

    /// <inheritdoc/>
    public ValueTask<CommandOutcome> CancelAsync(ViewSelection views, CancellationToken cancel = default) =>
        CommandAsync(views, view => new Cancel(view), cancel);

    /// <inheritdoc/>
    public ValueTask<CommandOutcome> PauseAsync(
        ViewSelection views, string reason, DateTimeOffset? until = null, CancellationToken cancel = default) =>
        CommandAsync(views, view => new Pause(view, new PauseInfo(reason, until)), cancel);

    /// <inheritdoc/>
    public ValueTask<CommandOutcome> ResumeAsync(ViewSelection views, CancellationToken cancel = default) =>
        CommandAsync(views, view => new Resume(view), cancel);

    /// <inheritdoc/>
    public ValueTask<CommandOutcome> BudgetAsync(
        ViewSelection views, IndexBudget budget, CancellationToken cancel = default) =>
        CommandAsync(views, view => new SetBudget(view, budget), cancel);

    private Activity? Trace(string what) =>
        Instruments.Activities.StartActivity(what)?.SetTag("flume.identity", Name);

    private async ValueTask WaitAsync(ServingView serving, AwaitSince wait, CancellationToken cancel)
    {
        var waiting = Timing.Start(Instruments.ReadWait);
        try
        {
            await calls.AskAsync<SinceReached>(wait, context.Settings.Reads.WaitMax, cancel).ConfigureAwait(false);
        }
        catch (ReadRejectedException late) when (late.Rejection == ReadRejection.DeadlinePassed)
        {
            throw new ReadRejectedException(late.Rejection, serving.LateText(wait.AtLeast));
        }
        finally
        {
            waiting.Stop("view", wait.View);
        }
    }

    private async ValueTask<OffsetLog> OpenLogAsync(CancellationToken cancel)
    {
        if (context.Session.Log is { } open) return open;
        await calls.AskAsync<Activated>(new Activate(), context.Settings.Identities.OpenWithin, cancel)
            .ConfigureAwait(false);
        return Log;
    }

    private async ValueTask<CommandOutcome> CommandAsync(
        ViewSelection views, Func<string, ViewCommand> command, CancellationToken cancel)
    {
        IEnumerable<string> names = views.Name is { } one ? [one] : Views.Views.Select(view => view.Name);
        IEnumerable<Task<ViewOutcome>> outcomes =
            names.Select(name => calls.AskAsync<ViewOutcome>(command(name), cancel).AsTask());
        return new CommandOutcome(await Task.WhenAll(outcomes).ConfigureAwait(false));
    }

    private ReadRejectedException NoSuchView(string view)
    {
        string known = new UnknownViewException(view, Views.Views).Message;
        bool isSsb = Kind == IdentityKind.Events && SsbViews.Catalog.Contains(view);
        return new ReadRejectedException(ReadRejection.NoSuchView, !isSsb ? known
            : $"Identity '{Name}' contains plain events, and view '{view}' needs SSB messages. {known}");
    }

    private ReadRejectedException BeyondHead(string view, Offset target, OffsetLog log) => new(
        ReadRejection.BeyondHead,
        $"View '{view}' of identity '{Name}' can't reach offset {target}: the log's head is {log.Head}. " +
        "Use an offset that an append has returned.");

    private ReadRejectedException TooManyWait() => new(
        ReadRejection.Busy,
        $"{context.Session.Waiting} callers wait for a head change of identity '{Name}'; flume.reads.live-max " +
        $"allows {context.Settings.Reads.LiveMax}. Close a live stream, or try again.");
}
