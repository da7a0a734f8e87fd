using System.Threading.Channels;
using Akka.Actor;

namespace Akka.TestKit;

/// <summary>What a test actor is told to do.</summary>
public static class TestActor
{
    /// <summary>Whether a message is not to be queued.</summary>
    public delegate bool Ignore(object message);

    /// <summary>Sets which messages are not queued; null for none.</summary>
    public class SetIgnore : INoSerializationVerificationNeeded
    {
        public SetIgnore(Ignore ignore)
        {
            Ignore = ignore;
        }

        public Ignore Ignore { get; }
    }

    /// <summary>Lets the test actor watch.</summary>
    public class Watch : INoSerializationVerificationNeeded
    {
        public Watch(IActorRef actorToWatch)
        {
            Actor = actorToWatch;
        }

        public IActorRef Actor { get; }
    }

    /// <summary>Lets the test actor watch no longer.</summary>
    public class Unwatch : INoSerializationVerificationNeeded
    {
        public Unwatch(IActorRef actorToUnwatch)
        {
            Actor = actorToUnwatch;
        }

        public IActorRef Actor { get; }
    }

    /// <summary>Lets an auto pilot answer each message.</summary>
    public class SetAutoPilot : INoSerializationVerificationNeeded
    {
        public SetAutoPilot(AutoPilot autoPilot)
        {
            AutoPilot = autoPilot;
        }

        public AutoPilot AutoPilot { get; }
    }
}

/// <summary>Puts what it is sent into a queue for the test.</summary>
internal sealed class InternalTestActor : ActorBase
{
    private readonly ChannelWriter<MessageEnvelope> _queue;
    private TestActor.Ignore _ignore;
    private AutoPilot _pilot;

    public InternalTestActor(ChannelWriter<MessageEnvelope> queue)
    {
        _queue = queue;
    }

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case TestActor.SetIgnore set:
                _ignore = set.Ignore;
                break;
            case TestActor.Watch watch:
                Context.Watch(watch.Actor);
                Sender.Tell(message);
                break;
            case TestActor.Unwatch unwatch:
                Context.Unwatch(unwatch.Actor);
                Sender.Tell(message);
                break;
            case TestActor.SetAutoPilot set:
                _pilot = set.AutoPilot;
                break;
            default:
                Queue(message);
                break;
        }
        return true;
    }

    protected override void PostStop()
    {
        _queue.TryComplete();
        base.PostStop();
    }

    private void Queue(object message)
    {
        var next = _pilot?.Run(Sender, message);
        if (next is not null and not KeepRunning)
            _pilot = next is NoAutoPilot ? null : next;
        if (_ignore == null || !_ignore(message))
            _queue.TryWrite(new RealMessageEnvelope(message, Sender));
    }
}
