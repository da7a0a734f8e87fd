using Akka.Actor;
using static Flume.Actors.Protocol.IdentityManagerProtocol;

namespace Flume.Actors;

/// <summary>Stands for one identity on the node that its shard lives on, and passes everything to that node's IdentityManagerActor.</summary>
/// <remarks>When the shard moves it leaves only after the identity has closed here: two nodes never hold one log.</remarks>
internal sealed class ShardedIdentityActor : ReceiveActor
{
    public ShardedIdentityActor(string identity, IActorRef pub)
    {
        Receive<ToIdentity>(message => pub.Forward(message));
        Receive<IdentityRouting.LetGo>(_ => pub.Tell(new Release(identity)));
        Receive<Released>(_ => Context.Stop(Self));
    }
}
