using Akka.Actor;
using Akka.Event;
using Akka.Pattern;
using Flume.Log;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;
using Flume.Views;
using Flume.Views.Indexing;
using static Flume.Actors.Protocol.DeletionProtocol;
using static Flume.Actors.Protocol.IdentityProtocol;
using static Flume.Actors.Protocol.LogProtocol;
using static Flume.Actors.Protocol.RegisteredProtocol;
using static Flume.Actors.Protocol.ViewProtocol;
using static Flume.Actors.Protocol.ViewStateProtocol;

namespace Flume.Actors;

/// <summary>Starts the views of one identity below backoff supervisors, and routes messages to them by name.</summary>
internal sealed partial class ViewCoordinatorActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan JournalWithin = TimeSpan.FromSeconds(10);

    private readonly IdentityContext _context;
    private readonly OffsetLog _log;
    private readonly IActorRef _logActor;
    private readonly Dictionary<string, (ServingView Serving, IActorRef Supervisor)> _views =
        new(StringComparer.Ordinal);
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
        IActorRef rebuilder = Context.Watch(Context.ActorOf(RebuildActor.Props(context, log, logActor), "rebuild"));
        Props definitions = WithBackoff(Props.Create(() => new DefinitionsActor(context.Name)), "journal");
        _definitions = Context.Watch(Context.ActorOf(definitions, "_definitions"));
        IActorRef self = Self;
        Props deletions = WithBackoff(Props.Create(() => new DeletionActor(context, log, logActor, self)), "journal");
        _deletions = Context.Watch(Context.ActorOf(deletions, "_deletions"));
        _collaborators = new ViewCollaborators(logActor, rebuilder, Self, Context.Parent);
        Receive<OperatorStates>(states => StartViews(states, _registered));
        Receive<Definitions>(definitions => StartViews(_operatorStates, definitions));
        Receive<JournalIsLate>(_ => StartWithoutJournal());
        Receive<PersistOperatorState>(persist => _journal.Forward(persist));
        Receive<JournalRecovered>(_ => PersistAgain());
        Receive<Delete>(delete => _deletions.Forward(delete));
        Receive<DeletionsRecovered>(_ => Sender.Tell(new ViewsReady()), _ => _views.Count > 0);
        Receive<DeletionsRecovered>(_ => { });
        Receive<Terminated>(_ => StartJournal(), part => part.ActorRef.Equals(_journal));
        ReceiveRegistrations();
        Receive<IForView>(message => Route(message));
        Receive<GetStatus>(_ => Sender.Tell(
            new ViewStatuses([.. ServingViews().Select(serving => serving.Tracker.Status(_log))])));
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

    /// <summary>A failed view does not affect the others; its backoff supervisor restarts it.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Restart);

    private IEnumerable<ServingView> ServingViews() =>
        _context.Catalog.Views.Select(view => _context.Session.Serving(view.Name)!);

    private void StartViews(OperatorStates? states, Definitions? registered)
    {
        (_operatorStates, _registered) = (states, registered);
        if (_views.Count > 0 || states is null || registered is null) return;
        Timers.CancelAll();
        AddRegistered(registered);
        foreach (IView view in _context.Catalog.Views)
        {
            if (states != OperatorStates.Unknown)
                _context.Session.Serving(view.Name)!.Tracker.Restore(
                    states.ByView.GetValueOrDefault(view.Name, ViewOperatorState.None));
            StartView(view);
        }

        PersistAgain();
        _deletions.Tell(new ViewsReady());
        Context.Parent.Tell(new ViewsStarted());
    }

    private void StartView(IView view)
    {
        ServingView serving = _context.Session.Serving(view.Name)!;
        if (serving.Tracker.OperatorState.Pause is { } pause)
            serving.Tracker.Publish(new(ViewState.Paused, null, pause));
        serving.Tracker.IsUp = true;
        // The client feeds a client view, so that view does not subscribe to the log.
        ViewCollaborators collaborators = serving.ClientSession is null
            ? _collaborators
            : _collaborators with { Log = ActorRefs.Nobody };
        Props props = WithBackoff(ViewActor.Props(_context, serving, _batches, collaborators), view.Name);
        _views[view.Name] = (serving, Context.ActorOf(props, view.Name));
    }

    private void StartWithoutJournal()
    {
        _events.Error(
            "The journal of {0} did not answer: pauses, budgets, pending rebuilds and registered views are unknown.",
            _context.Name);
        StartViews(_operatorStates ?? OperatorStates.Unknown, _registered ?? Definitions.Unknown);
    }

    /// <summary>
    /// Starts the ViewStateJournalActor. It may stop and restart, so views send to it through this actor.
    /// </summary>
    private void StartJournal()
    {
        IActorRef self = Self;
        Props journal = Props.Create(() => new ViewStateJournalActor(_context.Name, self));
        _journal = Context.Watch(Context.ActorOf(WithBackoff(journal, "journal"), "registry"));
        _journal.Tell(new GetOperatorStates());
    }

    /// <summary>
    /// Stores states again that a failed journal may lack; the ViewStateJournalActor skips those that it has.
    /// </summary>
    private void PersistAgain()
    {
        foreach ((ServingView serving, _) in _views.Values)
        {
            ViewOperatorState state = serving.Tracker.OperatorState;
            if (serving.Tracker.HasOperatorState)
                _journal.Tell(new PersistOperatorState(serving.View.Name, state, null));
        }
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

    /// <summary>Records the purge for a view that is stopped, so that it runs when the view restarts.</summary>
    private void MarkForPurge(PurgeDeleted purge, (ServingView Serving, IActorRef Supervisor) view)
    {
        ViewOperatorState operatorState = view.Serving.Tracker.OperatorState;
        view.Serving.Tracker.OperatorState = operatorState with
        {
            PendingRebuild = operatorState.PendingRebuild ?? purge.Reason,
            MustPurgeDeleted = true,
        };
        var outcome = new ViewOutcome(purge.View, IsAccepted: true, "is restarting, and is rebuilt then");
        _journal.Tell(new PersistOperatorState(purge.View, view.Serving.Tracker.OperatorState, outcome), Sender);
        // The view may have restarted meanwhile and read its operator state before this change.
        view.Supervisor.Tell(purge, ActorRefs.NoSender);
    }

    private Props WithBackoff(Props child, string name)
    {
        ViewSettings settings = _context.Settings.Views;
        BackoffOptions backoff = Backoff.OnStop(child, name, settings.RestartMin, settings.RestartMax, 0.2, -1);
        return BackoffSupervisor.Props(backoff.WithDefaultStoppingStrategy());
    }

    /// <summary>To itself: the time for the journal's answer is over.</summary>
    private sealed class JournalIsLate
    {
        public static readonly JournalIsLate Instance = new();
    }
}
