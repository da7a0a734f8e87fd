using Akka.Actor;
using Akka.Event;
using Akka.Pattern;
using Flume.Log;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;
using Flume.Views.Indexing;
using Flume.Views;
using static Flume.Actors.Protocol.DeletionProtocol;
using static Flume.Actors.Protocol.IdentityProtocol;
using static Flume.Actors.Protocol.LogProtocol;
using static Flume.Actors.Protocol.RegisteredProtocol;
using static Flume.Actors.Protocol.ViewStateProtocol;
using static Flume.Actors.Protocol.ViewProtocol;

namespace Flume.Actors;

/// <summary>The views of one identity: each below a backoff supervisor, reached by name.</summary>
internal sealed partial class ViewCoordinatorActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan JournalWithin = TimeSpan.FromSeconds(10);

    private readonly IdentityContext _context;
    private readonly OffsetLog _log;
    private readonly IActorRef _logActor;
    private readonly Dictionary<string, (ServingView Serving, IActorRef Supervisor)> _views = new(StringComparer.Ordinal);
    private readonly ILoggingAdapter _events = Context.GetLogger();
    private readonly ViewCollaborators _collaborators;
    private readonly IActorRef _definitions;
    private readonly IActorRef _deletions;
    private readonly DecodedBatches _batches;
    private IActorRef _journal = ActorRefs.Nobody;
    private OperatorStates? _operatorStates;
    private Definitions? _registered;

    public ViewCoordinatorActor(IdentityContext context, OffsetLog log, IActorRef logActor)
    {
        (_context, _log, _logActor, _batches) = (context, log, logActor, new DecodedBatches(log, context.Format));
        IActorRef rebuilder = Context.Watch(Context.ActorOf(RebuildActor.Props(context, log), "rebuild"));
        Props definitions = Backed(Props.Create(() => new DefinitionsActor(context.Name)), "journal");
        _definitions = Context.Watch(Context.ActorOf(definitions, "_definitions"));
        IActorRef self = Self;
        Props deletions = Backed(Props.Create(() => new DeletionActor(context, log, logActor, self)), "journal");
        _deletions = Context.Watch(Context.ActorOf(deletions, "_deletions"));
        _collaborators = new ViewCollaborators(logActor, rebuilder, Self, Context.Parent);
        Receive<OperatorStates>(states => StartViews(states, _registered));
        Receive<Definitions>(definitions => StartViews(_operatorStates, definitions));
        Receive<JournalIsLate>(_ => StartWithoutMemories());
        Receive<PersistOperatorState>(persist => _journal.Forward(persist));
        Receive<JournalRecovered>(_ => PersistAgain());
        Receive<Delete>(delete => _deletions.Forward(delete));
        Receive<DeletionsRecovered>(_ => Sender.Tell(new ViewsReady()), _ => _views.Count > 0);
        Receive<DeletionsRecovered>(_ => { });
        Receive<Terminated>(_ => StartJournal(), part => part.ActorRef.Equals(_journal));
        ReceiveRegistrations();
        Receive<IForView>(message => Route(message));
        Receive<GetStatus>(_ => Sender.Tell(new ViewStatuses([.. ServingViews().Select(serving => serving.Tracker.Status(_log))])));
        Receive<DamageFound>(damage => Context.Parent.Forward(damage));
        StartJournal();
        _definitions.Tell(new GetDefinitions());
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    protected override void PreStart() =>
        Timers.StartSingleTimer(JournalIsLate.Instance, JournalIsLate.Instance, JournalWithin);

    /// <inheritdoc/>
    protected override void PostStop()
    {
        foreach (ServingView serving in ServingViews())
        {
            serving.Withdraw();
            _context.Stores(serving.View.Name).Close();
        }
    }

    /// <summary>One view failing is nothing to the others; its supervisor decides when it comes back.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Restart);

    private IEnumerable<ServingView> ServingViews() => _context.Catalog.Views.Select(view => _context.Session.Serving(view.Name)!);

    private void StartViews(OperatorStates? states, Definitions? registered)
    {
        (_operatorStates, _registered) = (states, registered);
        if (_views.Count > 0 || states is null || registered is null) return;
        Timers.CancelAll();
        AddRegistered(registered);
        foreach (IView view in _context.Catalog.Views)
        {
            if (states != OperatorStates.Unknown)
                _context.Session.Serving(view.Name)!.Tracker.Restore(states.ByView.GetValueOrDefault(view.Name, ViewOperatorState.None));
            StartView(view);
        }

        PersistAgain();
        _deletions.Tell(new ViewsReady());
        Context.Parent.Tell(new ViewsStarted());
    }

    private void StartView(IView view)
    {
        ServingView serving = _context.Session.Serving(view.Name)!;
        if (serving.Tracker.OperatorState.Pause is { } pause) serving.Tracker.Publish(new(ViewState.Paused, null, pause));
        serving.Tracker.IsUp = true;
        // The entries of a client view come from its client: the log has no news for it.
        ViewCollaborators collaborators = serving.ClientSession is null ? _collaborators : _collaborators with { Log = ActorRefs.Nobody };
        Props props = Backed(ViewActor.Props(_context, serving, _batches, collaborators), view.Name);
        _views[view.Name] = (serving, Context.ActorOf(props, view.Name));
    }

    private void StartWithoutMemories()
    {
        _events.Error("The journal of {0} did not answer: pauses, budgets, owed rebuilds and registered views are not known.", _context.Name);
        StartViews(_operatorStates ?? OperatorStates.Unknown, _registered ?? Definitions.Unknown);
    }

    /// <summary>The registry may be stopped and come back: views reach it through this actor.</summary>
    private void StartJournal()
    {
        IActorRef self = Self;
        Props journal = Props.Create(() => new ViewStateJournalActor(_context.Name, self));
        _journal = Context.Watch(Context.ActorOf(Backed(journal, "journal"), "registry"));
        _journal.Tell(new GetOperatorStates());
    }

    /// <summary>Stores what a journal that failed did not take; the registry passes over what it holds already.</summary>
    private void PersistAgain()
    {
        foreach ((ServingView serving, _) in _views.Values)
            if (serving.Tracker.HasOperatorState) _journal.Tell(new PersistOperatorState(serving.View.Name, serving.Tracker.OperatorState, null));
    }

    private void Route(IForView message)
    {
        if (message is PurgeDeleted) _batches.Forget();
        if (!_views.TryGetValue(message.View, out (ServingView Serving, IActorRef Supervisor) view))
            Sender.Tell(Refusals.NoSuchView(message, _context.Catalog));
        else if (view.Serving.Tracker.IsUp) view.Supervisor.Forward(message);
        else if (message is PurgeDeleted purge) MarkForPurge(purge, view);
        else Sender.Tell(Refusals.Restarting(message, view.Serving));
    }

    /// <summary>A view that is down must not miss that rows of a deleted record are left.</summary>
    private void MarkForPurge(PurgeDeleted purge, (ServingView Serving, IActorRef Supervisor) view)
    {
        ViewOperatorState operatorState = view.Serving.Tracker.OperatorState;
        view.Serving.Tracker.OperatorState = operatorState with { PendingRebuild = operatorState.PendingRebuild ?? purge.Reason, MustPurgeDeleted = true };
        var outcome = new ViewOutcome(purge.View, IsAccepted: true, "is being opened again, and is rebuilt then");
        _journal.Tell(new PersistOperatorState(purge.View, view.Serving.Tracker.OperatorState, outcome), Sender);
        // It may have come up meanwhile, and looked at its memory before.
        view.Supervisor.Tell(purge, ActorRefs.NoSender);
    }

    private Props Backed(Props child, string name)
    {
        ViewSettings settings = _context.Settings.Views;
        return BackoffSupervisor.Props(
            Backoff.OnStop(child, name, settings.RestartMin, settings.RestartMax, 0.2, -1).WithDefaultStoppingStrategy());
    }

    /// <summary>To itself: the registry has had its time.</summary>
    private sealed class JournalIsLate
    {
        public static readonly JournalIsLate Instance = new();
    }
}
