using Akka.Actor;
using Akka.Configuration;

namespace Akka.Persistence;

/// <summary>Gives systems the persistence extension.</summary>
public class Persistence : ExtensionIdProvider<PersistenceExtension>
{
    public static Persistence Instance { get; } = new();

    /// <summary>The defaults below everything that is configured.</summary>
    public static Config DefaultConfig() =>
        ConfigurationFactory.FromResource("Akka.Persistence.persistence.conf", typeof(Persistence).Assembly);

    public override PersistenceExtension CreateExtension(ExtendedActorSystem system) => new(system);
}
