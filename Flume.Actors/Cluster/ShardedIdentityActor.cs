using Akka.Actor;
using static Flume.Actors.Protocol.IdentityManagerProtocol;

namespace Flume.Actors;

/// <summary>The shard entity of one identity; forwards its messages to the IdentityManagerActor of this node.</summary>
/// <remarks>It stops only after the identity has closed on this node, so two nodes never open one log.</remarks>
internal sealed class ShardedIdentityActor : ReceiveActor
{
    public ShardedIdentityActor(string identity, IActorRef manager)
    {
        Receive<ToIdentity>(message => manager.Forward(message));
        Receive<IdentityRouting.HandOff>(_ => manager.Tell(new Release(identity)));
        Receive<Released>(_ => Context.Stop(Self));
    }
}
