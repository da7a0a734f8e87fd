using Akka.Actor;

namespace Akka.Persistence.Internal;

/// <summary>Asks to be allowed to recover.</summary>
internal sealed record RequestRecoveryPermit
{
    public static readonly RequestRecoveryPermit Instance = new();
}

/// <summary>Recovery may start.</summary>
internal sealed record RecoveryPermitGranted
{
    public static readonly RecoveryPermitGranted Instance = new();
}

/// <summary>Recovery has ended.</summary>
internal sealed record ReturnRecoveryPermit
{
    public static readonly ReturnRecoveryPermit Instance = new();
}

/// <summary>
/// Lets no more than a number of actors recover at a time; the others wait in the order in which they asked.
/// </summary>
/// <remarks>1. An actor that ends gives its permit, or its place in the queue, back.</remarks>
internal sealed class RecoveryPermitter : UntypedActor
{
    private readonly int _permits;
    private readonly HashSet<IActorRef> _recovering = [];
    private readonly LinkedList<IActorRef> _waiting = new();

    public RecoveryPermitter(int permits)
    {
        _permits = permits;
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case RequestRecoveryPermit:
                Context.Watch(Sender);
                if (_recovering.Count < _permits)
                    Grant(Sender);
                else
                    _waiting.AddLast(Sender);
                break;
            case ReturnRecoveryPermit:
                Return(Sender);
                break;
            case Terminated ended:
                if (!_waiting.Remove(ended.ActorRef))
                    Return(ended.ActorRef);
                break;
        }
    }

    private void Grant(IActorRef actor)
    {
        _recovering.Add(actor);
        actor.Tell(RecoveryPermitGranted.Instance);
    }

    private void Return(IActorRef actor)
    {
        Context.Unwatch(actor);
        if (!_recovering.Remove(actor) || _waiting.Count == 0)
            return;
        var next = _waiting.First.Value;
        _waiting.RemoveFirst();
        Grant(next);
    }
}
