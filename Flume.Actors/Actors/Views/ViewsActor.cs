using Akka.Actor;
using Akka.Event;
using Akka.Pattern;
using Flume.Api;
using Flume.Log;
using Flume.Views;
using Flume.Views.Indexing;
using static Flume.Actors.Protocol.IdentityProtocol;
using static Flume.Actors.Protocol.RegistryProtocol;
using static Flume.Actors.Protocol.ViewProtocol;

namespace Flume.Actors;

/// <summary>The views of one identity: each below a backoff supervisor, reached by name.</summary>
internal sealed class ViewsActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan RegistryWithin = TimeSpan.FromSeconds(10);

    private readonly IdentityPlace _place;
    private readonly OffsetLog _log;
    private readonly IActorRef _logActor;
    private readonly Dictionary<string, (ViewShelf Shelf, IActorRef Supervisor)> _views = new(StringComparer.Ordinal);
    private readonly ILoggingAdapter _events = Context.GetLogger();

    public ViewsActor(IdentityPlace place, OffsetLog log, IActorRef logActor)
    {
        (_place, _log, _logActor) = (place, log, logActor);
        IActorRef self = Self;
        IActorRef registry = Context.ActorOf(Backed(Props.Create(() => new ViewRegistryActor(place.Name, self)), "journal"), "registry");
        IActorRef rebuilder = Context.Watch(Context.ActorOf(RebuildActor.Props(place, log), "rebuild"));
        var peers = new ViewPeers(logActor, rebuilder, registry, Context.Parent);
        Receive<Memories>(memories => StartViews(memories, peers));
        Receive<RegistryIsLate>(_ => StartWithoutMemories(peers));
        Receive<RegistryRecovered>(_ => RememberAgain(registry, _views.Values.Select(view => view.Shelf)));
        Receive<IForView>(message => Route(message));
        Receive<GetStatus>(_ => Sender.Tell(new ViewStatuses([.. Shelves().Select(shelf => shelf.Status(_log))])));
        Receive<Terminated>(part => throw new IdentityPartLostException(place.Name, part.ActorRef.Path.Name));
        Receive<DamageFound>(damage => Context.Parent.Forward(damage));
        registry.Tell(new GetMemories());
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    protected override void PreStart() =>
        Timers.StartSingleTimer(RegistryIsLate.Instance, RegistryIsLate.Instance, RegistryWithin);

    /// <inheritdoc/>
    protected override void PostStop()
    {
        foreach (ViewShelf shelf in Shelves())
        {
            shelf.Take();
            _place.Home(shelf.View.Name).Close();
        }
    }

    /// <summary>One view failing is nothing to the others; its supervisor decides when it comes back.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Restart);

    private IEnumerable<ViewShelf> Shelves() => _place.Catalog.Views.Select(view => _place.Board.Shelf(view.Name)!);

    private void StartViews(Memories memories, ViewPeers peers)
    {
        if (_views.Count > 0) return;
        Timers.CancelAll();
        var runs = new DecodedRuns(_log, _place.Board.Boxes);
        foreach (IView view in _place.Catalog.Views)
        {
            ViewShelf shelf = _place.Board.Shelf(view.Name)!;
            shelf.Memory = memories.ByView.GetValueOrDefault(view.Name, ViewMemory.None);
            if (shelf.Memory.Pause is { } pause) shelf.Publish(new(ViewState.Paused, null, pause));
            shelf.IsUp = true;
            Props props = Backed(ViewActor.Props(_place, shelf, runs, peers), view.Name);
            _views[view.Name] = (shelf, Context.ActorOf(props, view.Name));
        }

        Context.Parent.Tell(new ViewsStarted());
    }

    private void StartWithoutMemories(ViewPeers peers)
    {
        _events.Error("The journal of {0} did not answer: pauses, budgets and owed rebuilds are not known.", _place.Name);
        StartViews(new Memories(new Dictionary<string, ViewMemory>()), peers);
    }

    /// <summary>Stores what a journal that failed did not take; the registry passes over what it holds already.</summary>
    private static void RememberAgain(IActorRef registry, IEnumerable<ViewShelf> shelves)
    {
        foreach (ViewShelf shelf in shelves) registry.Tell(new Remember(shelf.View.Name, shelf.Memory, null));
    }

    private void Route(IForView message)
    {
        if (!_views.TryGetValue(message.View, out (ViewShelf Shelf, IActorRef Supervisor) view))
            Sender.Tell(Refusals.NoSuchView(message, _place.Catalog));
        else if (!view.Shelf.IsUp) Sender.Tell(Refusals.Restarting(message, view.Shelf));
        else view.Supervisor.Forward(message);
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
