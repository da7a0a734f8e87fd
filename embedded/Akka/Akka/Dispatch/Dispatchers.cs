using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;

namespace Akka.Dispatch;

/// <summary>The dispatchers of a system, by the path of their configuration.</summary>
/// <remarks>1. A shared dispatcher is made once; a pinned one each time it is looked up.</remarks>
public sealed class Dispatchers
{
    public const string DefaultDispatcherId = "akka.actor.default-dispatcher";
    public const string DefaultBlockingDispatcherId = "akka.actor.default-blocking-io-dispatcher";
    internal const string InternalDispatcherId = "akka.actor.internal-dispatcher";

    private const int AliasDepthMax = 20;

    private readonly ConcurrentDictionary<string, Func<MessageDispatcher>> _makers = new();
    private readonly ConcurrentBag<Executor> _executors = [];
    private readonly Settings _settings;

    internal Dispatchers(Settings settings)
    {
        _settings = settings;
        DefaultGlobalDispatcher = Lookup(DefaultDispatcherId);
    }

    public MessageDispatcher DefaultGlobalDispatcher { get; }

    public Config DefaultDispatcherConfig =>
        IdConfig(DefaultDispatcherId).WithFallback(Configured.GetConfig(DefaultDispatcherId));

    public bool HasDispatcher(string id) => _makers.ContainsKey(id) || Configured.HasPath(id);

    /// <summary>The dispatcher that is configured at the path.</summary>
    /// <exception cref="ConfigurationException">Nothing is, or it makes no dispatcher.</exception>
    public MessageDispatcher Lookup(string dispatcherName)
    {
        var id = dispatcherName;
        for (var depth = 0; depth < AliasDepthMax; depth++)
        {
            if (_makers.TryGetValue(id, out var maker))
                return maker();
            var value = Configured.GetValue(id)
                ?? throw new ConfigurationException($"Dispatcher {id} not configured. Define it, with a type and a "
                    + "throughput.");
            if (value.IsObject())
                return _makers.GetOrAdd(id, MakerOf(id))();
            id = value.GetString()
                ?? throw new ConfigurationException($"Expected a dispatcher or the name of one at [{id}], but found "
                    + $"[{value}].");
        }
        throw new ConfigurationException($"Dispatcher {dispatcherName} is defined by a circle of names that leads "
            + $"to [{id}].");
    }

    /// <summary>Registers a dispatcher that is not made from configuration.</summary>
    internal void Register(string id, MessageDispatcher dispatcher) => _makers[id] = () => dispatcher;

    internal void Shutdown()
    {
        foreach (var executor in _executors)
            executor.Shutdown();
    }

    private Config Configured => _settings.Config;

    private static Config IdConfig(string id) => ConfigurationFactory.ParseString($"id = \"{id}\"");

    private Func<MessageDispatcher> MakerOf(string id)
    {
        var config = Configured.GetConfig(id);
        if (id != DefaultDispatcherId)
            config = config.WithFallback(Configured.GetConfig(DefaultDispatcherId));
        switch (config.GetString("type"))
        {
            case "Dispatcher":
                return Shared(id, config, config.GetString("executor"));
            case "TaskDispatcher":
                return Shared(id, config, "task-executor");
            case "ForkJoinDispatcher":
                return Shared(id, config, "fork-join-executor");
            case "PinnedDispatcher":
                return () => Make(thread => new PinnedDispatcher(id, Throughput(config), Deadline(config), thread),
                    new DedicatedThreadPool(id, 1, background: true));
            case var other:
                throw new ConfigurationException($"Could not make dispatcher {id}: its type is '{other}'. Types are "
                    + "Dispatcher, "
                    + "TaskDispatcher, ForkJoinDispatcher and PinnedDispatcher.");
        }
    }

    private Func<MessageDispatcher> Shared(string id, Config config, string executorName)
    {
        var shared = new Lazy<MessageDispatcher>(() => Make(
            executor => new Dispatcher(id, Throughput(config), Deadline(config), executor),
                ExecutorOf(id, config, executorName)));
        return () => shared.Value;
    }

    private MessageDispatcher Make(Func<Executor, MessageDispatcher> make, Executor executor)
    {
        _executors.Add(executor);
        return make(executor);
    }

    private static int Throughput(Config config) => config.GetInt("throughput");

    private static TimeSpan Deadline(Config config) => config.GetTimeSpan("throughput-deadline-time");

    private static Executor ExecutorOf(string id, Config config, string name)
    {
        switch (name)
        {
            case null or "" or "default-executor" or "thread-pool-executor" or "task-executor" or "channel-executor":
                return ThreadPoolExecutor.Instance;
            case "fork-join-executor":
                return ForkJoin(id, config);
            default:
                throw new ConfigurationException($"Could not make dispatcher {id}: its executor is '{name}'. "
                    + "Executors are "
                    + "default-executor, thread-pool-executor, task-executor, channel-executor and "
                    + "fork-join-executor.");
        }
    }

    private static DedicatedThreadPool ForkJoin(string id, Config config)
    {
        var pool = config.GetConfig("dedicated-thread-pool");
        if (!pool.IsNullOrEmpty())
            return new DedicatedThreadPool(id, Math.Max(1, pool.GetInt("thread-count")),
                background: !"foreground".Equals(pool.GetString("threadtype"), StringComparison.OrdinalIgnoreCase));
        var scaled = Math.Clamp(Environment.ProcessorCount, config.GetInt("fork-join-executor.parallelism-min"),
            config.GetInt("fork-join-executor.parallelism-max"));
        return new DedicatedThreadPool(id, scaled, background: true);
    }
}
