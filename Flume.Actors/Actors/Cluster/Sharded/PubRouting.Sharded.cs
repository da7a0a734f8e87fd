using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using static Flume.Actors.Protocol.PubProtocol;

namespace Flume.Actors;

/// <content>With Akka.Cluster.Sharding: each identity lives on one node of the cluster, and moves with its shard.</content>
internal static partial class PubRouting
{
    private const string TypeName = "identity";

    static partial void StartSharded(ActorSystem system, IActorRef pub, ref IActorRef router)
    {
        if (((ExtendedActorSystem)system).Provider is not IClusterActorRefProvider) return;
        ClusterSharding sharding = ClusterSharding.Get(system);
        ClusterShardingSettings settings = ClusterShardingSettings.Create(system);
        router = sharding.Start(
            TypeName, identity => Props.Create(() => new ShardedIdentityActor(identity, pub)), settings,
            new ByIdentity(), sharding.DefaultShardAllocationStrategy(settings), LetGo.Instance);
    }

    /// <summary>The message that a shard on the move sends to each of its entities.</summary>
    internal sealed class LetGo
    {
        public static readonly LetGo Instance = new();
    }

    private sealed class ByIdentity() : HashCodeMessageExtractor(ShardsMax)
    {
        /// <summary>Ten for each of the ten nodes or so that share a folder; the same on every node, for ever.</summary>
        private const int ShardsMax = 100;

        public override string? EntityId(object message) => (message as ToIdentity)?.Identity;
    }
}
