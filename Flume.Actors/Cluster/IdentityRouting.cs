using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using static Flume.Actors.Protocol.IdentityManagerProtocol;

namespace Flume.Actors;

/// <summary>Starts the router of messages for identities.</summary>
/// <remarks>
/// Without a cluster the IdentityManagerActor routes. In a cluster a shard region routes to the IdentityManagerActor
/// of each node. One node owns an identity; a shard that moves takes its identities with it.
/// </remarks>
internal static class IdentityRouting
{
    private const string TypeName = "identity";

    /// <summary>
    /// The router: <paramref name="manager"/>, or a shard region when this process is a node of a cluster.
    /// </summary>
    public static IActorRef Start(ActorSystem system, IActorRef manager)
    {
        if (((ExtendedActorSystem)system).Provider is not IClusterActorRefProvider) return manager;
        ClusterSharding sharding = ClusterSharding.Get(system);
        ClusterShardingSettings settings = ClusterShardingSettings.Create(system);
        return sharding.Start(
            TypeName, identity => Props.Create(() => new ShardedIdentityActor(identity, manager)), settings,
            new ByIdentity(), sharding.DefaultShardAllocationStrategy(settings), HandOff.Instance);
    }

    /// <summary>The message that a moving shard sends to each of its entities.</summary>
    internal sealed class HandOff
    {
        public static readonly HandOff Instance = new();
    }

    private sealed class ByIdentity() : HashCodeMessageExtractor(ShardsMax)
    {
        /// <summary>
        /// About ten shards a node for about ten nodes. All nodes use the same number; it never changes.
        /// </summary>
        private const int ShardsMax = 100;

        public override string? EntityId(object message) => (message as ToIdentity)?.Identity;
    }
}
