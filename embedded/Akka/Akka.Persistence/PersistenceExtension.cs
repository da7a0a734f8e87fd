using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Persistence.Internal;

namespace Akka.Persistence;

/// <summary>The journals and snapshot stores of a system, each started when it is first needed.</summary>
public class PersistenceExtension : IExtension
{
    private const string JournalFallback = "akka.persistence.journal-plugin-fallback";
    private const string SnapshotFallback = "akka.persistence.snapshot-store-plugin-fallback";
    private const string NoSnapshotStore = "akka.persistence.no-snapshot-store";

    private readonly ConcurrentDictionary<string, Lazy<(IActorRef Ref, Config Config)>> _plugins = new();
    private readonly ExtendedActorSystem _system;
    private readonly Lazy<IActorRef> _recoveryPermitter;

    public PersistenceExtension(ExtendedActorSystem system)
    {
        _system = system;
        system.Settings.InjectTopLevelFallback(Persistence.DefaultConfig());
        _recoveryPermitter = new Lazy<IActorRef>(() => system.SystemActorOf(Props.Create(() => new RecoveryPermitter(
            system.Settings.Config.GetInt("akka.persistence.max-concurrent-recoveries"))), "recoveryPermitter"));
        var config = system.Settings.Config.GetConfig("akka.persistence");
        foreach (var id in config.GetStringList("journal.auto-start-journals"))
            JournalFor(id);
        foreach (var id in config.GetStringList("snapshot-store.auto-start-snapshot-stores"))
            SnapshotStoreFor(id);
    }

    internal IActorRef RecoveryPermitter => _recoveryPermitter.Value;

    /// <summary>The id of an actor that has none of its own: its path.</summary>
    public string PersistenceId(IActorRef actor) => actor.Path.ToStringWithoutAddress();

    /// <summary>The journal of that configuration path; null or empty is the default one.</summary>
    public IActorRef JournalFor(string journalPluginId) => Plugin(JournalId(journalPluginId), JournalFallback).Ref;

    /// <summary>The snapshot store of that configuration path; null or empty is the default one.</summary>
    public IActorRef SnapshotStoreFor(string snapshotPluginId) =>
        Plugin(SnapshotStoreId(snapshotPluginId), SnapshotFallback).Ref;

    internal Config JournalConfigFor(string journalPluginId) =>
        Plugin(JournalId(journalPluginId), JournalFallback).Config;

    /// <summary>
    /// What is configured at the path, over the defaults of its kind. For the plugin that is starting there.
    /// </summary>
    internal static Config ConfigOf(ActorSystem system, string path, bool isJournal) =>
        (system.Settings.Config.GetConfig(path) ?? ConfigurationFactory.Empty)
            .WithFallback(system.Settings.Config.GetConfig(isJournal ? JournalFallback : SnapshotFallback));

    private string JournalId(string id)
    {
        if (!string.IsNullOrEmpty(id))
            return id;
        var configured = _system.Settings.Config.GetString("akka.persistence.journal.plugin");
        return !string.IsNullOrEmpty(configured) ? configured : throw new NullReferenceException(
            "There is no default journal. Set akka.persistence.journal.plugin to the path of one, or give the actor "
                + "a JournalPluginId.");
    }

    private string SnapshotStoreId(string id)
    {
        if (!string.IsNullOrEmpty(id))
            return id;
        var configured = _system.Settings.Config.GetString("akka.persistence.snapshot-store.plugin");
        if (!string.IsNullOrEmpty(configured))
            return configured;
        _system.Log.Warning("No default snapshot store configured! Set akka.persistence.snapshot-store.plugin to "
            + "the path of one.");
        return NoSnapshotStore;
    }

    private (IActorRef Ref, Config Config) Plugin(string path, string fallback) =>
        _plugins.GetOrAdd(path, p => new Lazy<(IActorRef, Config)>(() => Start(p, fallback))).Value;

    private (IActorRef, Config) Start(string path, string fallback)
    {
        if (!_system.Settings.Config.HasPath(path))
            throw new ArgumentException($"Persistence config is missing plugin config path for: {path}");
        var config = ConfigOf(_system, path, fallback == JournalFallback);
        var typeName = config.GetString("class");
        if (string.IsNullOrEmpty(typeName))
            throw new ArgumentException($"Plugin class name must be defined in config property [{path}.class]");
        var type = Type.GetType(typeName, throwOnError: true);
        object[] arguments = type.GetConstructor([typeof(Config)]) != null ? [config] : [];
        var props = Props.Create(type, arguments).WithDispatcher(config.GetString("plugin-dispatcher"));
        return (_system.SystemActorOf(props, path), config);
    }
}
