using Akka.Actor;

namespace Embedded.Tests.Actors;

/// <summary>Tells each step of its life, and each string it is sent. Throws exceptions that it is sent.</summary>
public sealed class Talker : ReceiveActor
{
    private readonly IActorRef _sink;
    private readonly string _name = Context.Self.Path.Name;

    public Talker(IActorRef sink)
    {
        _sink = sink;
        Tell("made");
        Receive<Exception>(e => throw e);
        Receive<Props>(props => Context.ActorOf(props, "child"));
        Receive<string>(Tell);
    }

    public static Props Props(IActorRef sink) => Akka.Actor.Props.Create(() => new Talker(sink));

    protected override void PreStart() => Tell("start");

    protected override void PostStop() => Tell("stop");

    protected override void PreRestart(Exception reason, object message)
    {
        Tell("pre restart");
        base.PreRestart(reason, message);
    }

    protected override void PostRestart(Exception reason)
    {
        Tell("post restart");
        base.PostRestart(reason);
    }

    private void Tell(string what) => _sink.Tell($"{_name} {what}");
}

/// <summary>Makes the children it is told to, and supervises them by the given strategy.</summary>
public sealed class Parent : ReceiveActor
{
    private readonly SupervisorStrategy? _strategy;

    public Parent(SupervisorStrategy? strategy = null)
    {
        _strategy = strategy;
        Receive<(Props Props, string Name)>(m => Sender.Tell(Context.ActorOf(m.Props, m.Name)));
        Receive<Exception>(e => throw e);
        ReceiveAny(m => Sender.Tell(m));
    }

    public static Props Props(SupervisorStrategy? strategy = null) =>
        Akka.Actor.Props.Create(() => new Parent(strategy));

    protected override SupervisorStrategy SupervisorStrategy() => _strategy ?? base.SupervisorStrategy();
}

/// <summary>Answers each message with itself.</summary>
public sealed class Echo : ReceiveActor
{
    public Echo()
    {
        ReceiveAny(m => Sender.Tell(m));
    }
}
