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
    private static readonly TimeSpan RegistryWithin = TimeSpan.FromSeconds(10);

    private readonly IdentityContext _place;
    private readonly OffsetLog _log;
    private readonly IActorRef _logActor;
    private readonly Dictionary<string, (ServingView Shelf, IActorRef Supervisor)> _views = new(StringComparer.Ordinal);
    private readonly ILoggingAdapter _events = Context.GetLogger();
    private readonly ViewCollaborators _peers;
    private readonly IActorRef _definitions;
    private readonly IActorRef _deletions;
    private readonly DecodedBatches _runs;
    private IActorRef _registry = ActorRefs.Nobody;
    private Memories? _memories;
    private Definitions? _registered;

    public ViewCoordinatorActor(IdentityContext place, OffsetLog log, IActorRef logActor)
    {
        (_place, _log, _logActor, _runs) = (place, log, logActor, new DecodedBatches(log, place.Format));
        IActorRef rebuilder = Context.Watch(Context.ActorOf(RebuildActor.Props(place, log), "rebuild"));
        Props definitions = Backed(Props.Create(() => new DefinitionsActor(place.Name)), "journal");
        _definitions = Context.Watch(Context.ActorOf(definitions, "_definitions"));
        IActorRef self = Self;
        Props deletions = Backed(Props.Create(() => new DeletionActor(place, log, logActor, self)), "journal");
        _deletions = Context.Watch(Context.ActorOf(deletions, "_deletions"));
        _peers = new ViewCollaborators(logActor, rebuilder, Self, Context.Parent);
        Receive<Memories>(memories => StartViews(memories, _registered));
        Receive<Definitions>(definitions => StartViews(_memories, definitions));
        Receive<RegistryIsLate>(_ => StartWithoutMemories());
        Receive<Remember>(remember => _registry.Forward(remember));
        Receive<RegistryRecovered>(_ => RememberAgain());
        Receive<Delete>(delete => _deletions.Forward(delete));
        Receive<DeletionsRecovered>(_ => Sender.Tell(new ViewsReady()), _ => _views.Count > 0);
        Receive<DeletionsRecovered>(_ => { });
        Receive<Terminated>(_ => StartRegistry(), part => part.ActorRef.Equals(_registry));
        ReceiveRegistrations();
        Receive<IForView>(message => Route(message));
        Receive<GetStatus>(_ => Sender.Tell(new ViewStatuses([.. Shelves().Select(shelf => shelf.Status(_log))])));
        Receive<DamageFound>(damage => Context.Parent.Forward(damage));
        StartRegistry();
        _definitions.Tell(new GetDefinitions());
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    protected override void PreStart() =>
        Timers.StartSingleTimer(RegistryIsLate.Instance, RegistryIsLate.Instance, RegistryWithin);

    /// <inheritdoc/>
    protected override void PostStop()
    {
        foreach (ServingView shelf in Shelves())
        {
            shelf.Take();
            _place.Home(shelf.View.Name).Close();
        }
    }

    /// <summary>One view failing is nothing to the others; its supervisor decides when it comes back.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Restart);

    private IEnumerable<ServingView> Shelves() => _place.Catalog.Views.Select(view => _place.Board.Shelf(view.Name)!);

    private void StartViews(Memories? memories, Definitions? registered)
    {
        (_memories, _registered) = (memories, registered);
        if (_views.Count > 0 || memories is null || registered is null) return;
        Timers.CancelAll();
        KeepRegistered(registered);
        foreach (IView view in _place.Catalog.Views)
        {
            if (memories != Memories.Unknown)
                _place.Board.Shelf(view.Name)!.Recall(memories.ByView.GetValueOrDefault(view.Name, ViewOperatorState.None));
            StartView(view);
        }

        RememberAgain();
        _deletions.Tell(new ViewsReady());
        Context.Parent.Tell(new ViewsStarted());
    }

    private void StartView(IView view)
    {
        ServingView shelf = _place.Board.Shelf(view.Name)!;
        if (shelf.Memory.Pause is { } pause) shelf.Publish(new(ViewState.Paused, null, pause));
        shelf.IsUp = true;
        // The entries of a client view come from its client: the log has no news for it.
        ViewCollaborators peers = shelf.Desk is null ? _peers : _peers with { Log = ActorRefs.Nobody };
        Props props = Backed(ViewActor.Props(_place, shelf, _runs, peers), view.Name);
        _views[view.Name] = (shelf, Context.ActorOf(props, view.Name));
    }

    private void StartWithoutMemories()
    {
        _events.Error("The journal of {0} did not answer: pauses, budgets, owed rebuilds and registered views are not known.", _place.Name);
        StartViews(_memories ?? Memories.Unknown, _registered ?? Definitions.Unknown);
    }

    /// <summary>The registry may be stopped and come back: views reach it through this actor.</summary>
    private void StartRegistry()
    {
        IActorRef self = Self;
        Props registry = Props.Create(() => new ViewStateJournalActor(_place.Name, self));
        _registry = Context.Watch(Context.ActorOf(Backed(registry, "journal"), "registry"));
        _registry.Tell(new GetMemories());
    }

    /// <summary>Stores what a journal that failed did not take; the registry passes over what it holds already.</summary>
    private void RememberAgain()
    {
        foreach ((ServingView shelf, _) in _views.Values)
            if (shelf.HasMemory) _registry.Tell(new Remember(shelf.View.Name, shelf.Memory, null));
    }

    private void Route(IForView message)
    {
        if (message is Renew) _runs.Forget();
        if (!_views.TryGetValue(message.View, out (ServingView Shelf, IActorRef Supervisor) view))
            Sender.Tell(Refusals.NoSuchView(message, _place.Catalog));
        else if (view.Shelf.IsUp) view.Supervisor.Forward(message);
        else if (message is Renew renew) Owe(renew, view);
        else Sender.Tell(Refusals.Restarting(message, view.Shelf));
    }

    /// <summary>A view that is down must not miss that rows of a deleted record are left.</summary>
    private void Owe(Renew renew, (ServingView Shelf, IActorRef Supervisor) view)
    {
        ViewOperatorState memory = view.Shelf.Memory;
        view.Shelf.Memory = memory with { Owed = memory.Owed ?? renew.Reason, MustPurgeDeleted = true };
        var outcome = new ViewOutcome(renew.View, IsAccepted: true, "is being opened again, and is rebuilt then");
        _registry.Tell(new Remember(renew.View, view.Shelf.Memory, outcome), Sender);
        // It may have come up meanwhile, and looked at its memory before.
        view.Supervisor.Tell(renew, ActorRefs.NoSender);
    }

    private Props Backed(Props child, string name)
    {
        ViewSettings settings = _place.Settings.Views;
        return BackoffSupervisor.Props(
            Backoff.OnStop(child, name, settings.RestartMin, settings.RestartMax, 0.2, -1).WithDefaultStoppingStrategy());
    }

    /// <summary>To itself: the registry has had its time.</summary>
    private sealed class RegistryIsLate
    {
        public static readonly RegistryIsLate Instance = new();
    }
}
