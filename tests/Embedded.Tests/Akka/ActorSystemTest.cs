using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;

namespace Embedded.Tests.Actors;

/// <summary>A system of its own for each test, and a sink that hands what it is sent to the test.</summary>
public abstract class ActorSystemTest : IDisposable
{
    /// <summary>How long a test waits for what must come.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly BlockingCollection<(object Message, IActorRef Sender)> _received = [];

    protected ActorSystemTest(string hocon = "")
    {
        Sys = ActorSystem.Create("test", ConfigurationFactory.ParseString(hocon).WithFallback(
            ConfigurationFactory.ParseString("akka { loglevel = OFF, stdout-loglevel = OFF }")));
        Sink = Sys.ActorOf(Props.Create(() => new SinkActor(_received)), "sink");
    }

    protected ActorSystem Sys { get; }

    /// <summary>Whatever this actor is sent, <see cref="Next"/> gives to the test.</summary>
    protected IActorRef Sink { get; }

    protected IActorRef LastSender { get; private set; } = ActorRefs.Nobody;

    public void Dispose()
    {
        Assert.True(Sys.Terminate().Wait(Patience), "The system did not terminate.");
        GC.SuppressFinalize(this);
    }

    protected object Next()
    {
        Assert.True(_received.TryTake(out var item, Patience), "Nothing came.");
        LastSender = item.Sender;
        return item.Message;
    }

    protected T Next<T>() => Assert.IsAssignableFrom<T>(Next());

    /// <summary>All of the next messages, until one equals the last argument.</summary>
    protected void ExpectInOrder(params object[] messages)
    {
        foreach (var message in messages)
            Assert.Equal(message, Next());
    }

    /// <summary>Nothing may have come when the sink has handled what it was sent so far.</summary>
    protected void ExpectNothing()
    {
        Sink.Tell("nothing before this");
        Assert.Equal("nothing before this", Next());
    }

    protected IActorRef Watched(IActorRef actor)
    {
        Sink.Tell(new SinkActor.Watch(actor), Sink);
        Assert.IsType<SinkActor.Watch>(Next());
        return actor;
    }

    protected void ExpectTerminated(IActorRef actor) => Assert.Equal(actor, Next<Terminated>().ActorRef);

    protected sealed class SinkActor(BlockingCollection<(object, IActorRef)> received) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is Watch watch)
                Context.Watch(watch.Actor);
            received.Add((message, Sender));
        }

        public sealed record Watch(IActorRef Actor);
    }
}
