using Akka.Configuration;
using Akka.Event;

namespace Akka.Actor;

/// <summary>
/// The settings of a system: its configuration over the defaults, and the values that the system itself reads.
/// </summary>
public class Settings
{
    private readonly Config _user;
    private Config _fallback;

    public Settings(ActorSystem system, Config config)
    {
        System = system;
        _user = config;
        _fallback = ConfigurationFactory.Default();
        Config = _user.SafeWithFallback(_fallback);
        ReadLogging();
        AskTimeout = Config.GetTimeSpan("akka.actor.ask-timeout");
        SchedulerClass = Config.GetString("akka.scheduler.implementation");
        SchedulerShutdownTimeout = Config.GetTimeSpan("akka.scheduler.shutdown-timeout");
        SupervisorStrategyClass = Config.GetString("akka.actor.guardian-supervisor-strategy");
        DebugLifecycle = Config.GetBoolean("akka.actor.debug.lifecycle");
        DebugEventStream = Config.GetBoolean("akka.actor.debug.event-stream");
        DebugUnhandledMessage = Config.GetBoolean("akka.actor.debug.unhandled");
        CoordinatedShutdownTerminateActorSystem = Config.GetBoolean("akka.coordinated-shutdown.terminate-actor-system");
        CoordinatedShutdownRunByActorSystemTerminate =
            Config.GetBoolean("akka.coordinated-shutdown.run-by-actor-system-terminate");
        if (CoordinatedShutdownRunByActorSystemTerminate && !CoordinatedShutdownTerminateActorSystem)
            throw new ConfigurationException("akka.coordinated-shutdown.run-by-actor-system-terminate=on and "
                + "akka.coordinated-shutdown.terminate-actor-system=off is not a supported configuration combination.");
    }

    public ActorSystem System { get; }

    /// <summary>Everything that is configured, defaults included.</summary>
    public Config Config { get; private set; }

    public string LogLevel { get; private set; }

    public string StdoutLogLevel { get; private set; }

    public MinimalLogger StdoutLogger { get; private set; }

    public IList<string> Loggers { get; private set; }

    public string LoggersDispatcher { get; private set; }

    public TimeSpan LoggerStartTimeout { get; private set; }

    public ILogMessageFormatter LogFormatter { get; private set; }

    public bool LogConfigOnStart { get; private set; }

    /// <summary>How many dead letters are logged before logging is suspended; int.MaxValue is all.</summary>
    public int LogDeadLetters { get; private set; }

    public bool LogDeadLettersDuringShutdown { get; private set; }

    public TimeSpan LogDeadLettersSuspendDuration { get; private set; }

    /// <summary>What an ask without a timeout waits for; not positive is for ever.</summary>
    public TimeSpan AskTimeout { get; }

    public string SchedulerClass { get; }

    public TimeSpan SchedulerShutdownTimeout { get; }

    public string SupervisorStrategyClass { get; }

    public bool DebugLifecycle { get; }

    public bool DebugEventStream { get; }

    public bool DebugUnhandledMessage { get; }

    public bool CoordinatedShutdownTerminateActorSystem { get; }

    public bool CoordinatedShutdownRunByActorSystemTerminate { get; }

    /// <summary>Adds defaults of an extension below all others.</summary>
    public void InjectTopLevelFallback(Config config)
    {
        _fallback = config.SafeWithFallback(_fallback);
        Config = _user.SafeWithFallback(_fallback);
    }

    public override string ToString() => Config.ToString(includeFallback: true);

    private void ReadLogging()
    {
        LogLevel = Config.GetString("akka.loglevel");
        StdoutLogLevel = Config.GetString("akka.stdout-loglevel");
        Loggers = Config.GetStringList("akka.loggers");
        LoggersDispatcher = Config.GetString("akka.loggers-dispatcher");
        LoggerStartTimeout = Config.GetTimeSpan("akka.logger-startup-timeout");
        LogConfigOnStart = Config.GetBoolean("akka.log-config-on-start");
        StdoutLogger = Create<MinimalLogger>("akka.stdout-logger-class") ?? new StandardOutLogger();
        LogFormatter = Create<ILogMessageFormatter>("akka.logger-formatter") ?? DefaultLogMessageFormatter.Instance;
        LogDeadLetters = Config.GetString("akka.log-dead-letters").ToLowerInvariant() switch
        {
            "on" or "true" => int.MaxValue,
            "off" or "false" => 0,
            _ => Config.GetInt("akka.log-dead-letters"),
        };
        LogDeadLettersDuringShutdown = Config.GetBoolean("akka.log-dead-letters-during-shutdown");
        LogDeadLettersSuspendDuration = Config.GetTimeSpan("akka.log-dead-letters-suspend-duration");
    }

    private T Create<T>(string path) where T : class
    {
        var name = Config.GetString(path);
        if (string.IsNullOrEmpty(name))
            return null;
        var type = Type.GetType(name) ?? throw new ConfigurationException(
            $"Could not find the type '{name}' that {path} names. Write Namespace.Type, Assembly.");
        return (T)Activator.CreateInstance(type);
    }
}
