using Akka.Actor;

namespace Akka.TestKit.TestActors;

/// <summary>Takes anything and does nothing.</summary>
public class BlackHoleActor : ActorBase
{
    public static Props Props { get; } = Actor.Props.Create<BlackHoleActor>();

    protected override bool Receive(object message) => true;
}

/// <summary>Sends everything back to the test, and to its sender too unless told otherwise.</summary>
public class EchoActor : ReceiveActor
{
    public EchoActor(TestKitBase testkit, bool echoBackToSenderAsWell = true)
    {
        ReceiveAny(message =>
        {
            var sender = Sender;
            testkit.TestActor.Forward(message);
            if (echoBackToSenderAsWell && !Equals(testkit.TestActor, sender))
                sender.Tell(message, Self);
        });
    }

    public static Props Props(TestKitBase testkit, bool echoBackToSenderAsWell = true) =>
        Actor.Props.Create(() => new EchoActor(testkit, echoBackToSenderAsWell));
}

/// <summary>Passes everything on.</summary>
public class ForwardActor : ReceiveActor
{
    public ForwardActor(IActorRef target)
    {
        ReceiveAny(target.Forward);
    }

    public static Props Props(IActorRef target) => Actor.Props.Create(() => new ForwardActor(target));
}
