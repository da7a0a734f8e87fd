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

    /// <summary>The next messages, up to the first that fits and with it.</summary>
    protected List<object> Until(Predicate<object> isLast)
    {
        var told = new List<object>();
        do
            told.Add(Next());
        while (!isLast(told[^1]));
        return told;
    }

    /// <summary>Skips messages up to the one given.</summary>
    protected void SkipTo(object message) => Until(m => message.Equals(m));

    /// <summary>Skips messages up to the end of the actor, which is watched.</summary>
    protected List<object> UntilTerminated(IActorRef actor) =>
        Until(m => m is Terminated t && t.ActorRef.Equals(actor));

    /// <summary>These messages come next, in this order.</summary>
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

    /// <summary>Lets the sink watch the actor.</summary>
    protected IActorRef Watched(IActorRef actor) => Sink.Ask<IActorRef>(new SinkActor.Watch(actor), Patience).Result;

    protected void ExpectTerminated(IActorRef actor) => Assert.Equal(actor, Next<Terminated>().ActorRef);

    protected sealed class SinkActor(BlockingCollection<(object, IActorRef)> received) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is Watch watch)
                Sender.Tell(Context.Watch(watch.Actor));
            else
                received.Add((message, Sender));
        }

        public sealed record Watch(IActorRef Actor);
    }
}
