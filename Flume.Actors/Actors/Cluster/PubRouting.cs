using Akka.Actor;

namespace Flume.Actors;

/// <summary>Starts what messages for identities go through: the PubActor, or a shard region before it in a cluster.</summary>
/// <remarks>
/// The one seam to Akka.Cluster.Sharding. Its other half lies in <c>Sharded/</c> and is compiled with the real Akka.NET
/// alone; without it the call below vanishes, and a configuration that asks for a cluster is refused.
/// </remarks>
internal static partial class PubRouting
{
    private const string ProviderKey = "akka.actor.provider";

    /// <summary>The router: <paramref name="pub"/> itself unless this process is a node of a cluster.</summary>
    /// <exception cref="SettingsException">A cluster is asked for, and this build has none.</exception>
    public static IActorRef Start(ActorSystem system, IActorRef pub)
    {
        IActorRef router = pub;
        StartSharded(system, pub, ref router);
        bool sharded = !ReferenceEquals(router, pub);
        if (!sharded && system.Settings.Config.GetString(ProviderKey) is { } provider
            && provider.Contains("cluster", StringComparison.OrdinalIgnoreCase))
        {
            throw new SettingsException("the configuration", ProviderKey, $"is '{provider}', and this build runs in one "
                + "process. Build with -p:FlumePackages=nuget for a cluster, or remove the key.");
        }

        return router;
    }

    static partial void StartSharded(ActorSystem system, IActorRef pub, ref IActorRef router);
}
