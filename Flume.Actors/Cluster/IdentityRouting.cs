using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using static Flume.Actors.Protocol.IdentityManagerProtocol;

namespace Flume.Actors;

/// <summary>Starts the router of messages for identities: the IdentityManagerActor, or a shard region before it in a cluster.</summary>
/// <remarks>In a cluster each identity belongs to one node, and moves with its shard.</remarks>
internal static class IdentityRouting
{
    private const string TypeName = "identity";

    /// <summary>The router: <paramref name="pub"/> itself unless this process is a node of a cluster.</summary>
    public static IActorRef Start(ActorSystem system, IActorRef pub)
    {
        if (((ExtendedActorSystem)system).Provider is not IClusterActorRefProvider) return pub;
        ClusterSharding sharding = ClusterSharding.Get(system);
        ClusterShardingSettings settings = ClusterShardingSettings.Create(system);
        return sharding.Start(
            TypeName, identity => Props.Create(() => new ShardedIdentityActor(identity, pub)), settings,
            new ByIdentity(), sharding.DefaultShardAllocationStrategy(settings), LetGo.Instance);
    }

    /// <summary>The message that a moving shard sends to each of its entities.</summary>
    internal sealed class LetGo
    {
        public static readonly LetGo Instance = new();
    }

    private sealed class ByIdentity() : HashCodeMessageExtractor(ShardsMax)
    {
        /// <summary>Ten for each of about ten nodes. The number is the same on every node and never changes.</summary>
        private const int ShardsMax = 100;

        public override string? EntityId(object message) => (message as ToIdentity)?.Identity;
    }
}
