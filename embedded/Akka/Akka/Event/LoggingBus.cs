using Akka.Actor;
using Akka.Configuration;

namespace Akka.Event;

/// <summary>Passes events on by their type, log events among them, and starts and stops the loggers.</summary>
/// <remarks>1. Standard output logs until the loggers are up, and again once they are down.</remarks>
public class LoggingBus : ActorEventBus<object, Type>
{
    private static readonly LogLevel[] s_levels = Enum.GetValues<LogLevel>();
    private static int s_loggerNumber;

    private readonly List<IActorRef> _loggers = [];

    /// <summary>The lowest level that is logged.</summary>
    public LogLevel LogLevel { get; private set; }

    public void SetLogLevel(LogLevel logLevel)
    {
        LogLevel = logLevel;
        lock (_loggers)
        {
            foreach (var logger in _loggers)
            {
                SubscribeFrom(logLevel, logger);
                foreach (var level in s_levels.Where(l => l < logLevel))
                    Unsubscribe(logger, level.ClassFor());
            }
        }
    }

    /// <summary>Lets standard output log until the loggers are up.</summary>
    public void StartStdoutLogger(Settings config)
    {
        LogLevel = Logging.LogLevelFor(config.StdoutLogLevel);
        SubscribeFrom(LogLevel, config.StdoutLogger);
    }

    internal void StartDefaultLoggers(ActorSystemImpl system)
    {
        var settings = system.Settings;
        LogLevel = Logging.LogLevelFor(settings.LogLevel);
        var keepStdout = false;
        foreach (var name in settings.Loggers)
        {
            var type = Type.GetType(name)
                ?? throw new ConfigurationException($"Logger specified in config cannot be found: \"{name}\"");
            if (typeof(MinimalLogger).IsAssignableFrom(type))
                keepStdout = true;
            else
                AddLogger(system, type);
        }
        if (settings.DebugUnhandledMessage)
            Subscribe(system.SystemActorOf<UnhandledMessageForwarder>("UnhandledMessageForwarder"),
                typeof(UnhandledMessage));
        if (!keepStdout)
            Unsubscribe(settings.StdoutLogger);
    }

    internal void StopDefaultLoggers(ActorSystemImpl system)
    {
        SubscribeFrom(Logging.LogLevelFor(system.Settings.StdoutLogLevel), system.Settings.StdoutLogger);
        lock (_loggers)
        {
            foreach (var logger in _loggers)
                Unsubscribe(logger);
            _loggers.Clear();
        }
    }

    protected override bool IsSubClassification(Type parent, Type child) => parent.IsAssignableFrom(child);

    protected override bool Classify(object @event, Type classifier) => classifier.IsInstanceOfType(@event);

    protected override Type GetClassifier(object @event) => @event.GetType();

    protected override void Publish(object @event, IActorRef subscriber) =>
        subscriber.Tell(@event, ActorCell.Current?.Self);

    private void AddLogger(ActorSystemImpl system, Type type)
    {
        var name = $"log{Interlocked.Increment(ref s_loggerNumber)}-{type.Name}";
        var logger = system.SystemActorOf(Props.Create(type).WithDispatcher(system.Settings.LoggersDispatcher), name);
        var timeout = system.Settings.LoggerStartTimeout;
        var ready = logger.Ask(new InitializeLogger(this), Timeout.InfiniteTimeSpan);
        if (!ready.Wait(timeout))
            Publish(new Warning($"EventStream({system.Name})", GetType(),
                $"Logger {name} [{type.FullName}] did not respond within {timeout} to InitializeLogger. It is used "
                    + "all the same."));
        else if (ready.Result is not LoggerInitialized)
            throw new LoggerInitializationException(
                $"Logger {name} [{type.FullName}] answered InitializeLogger with a {ready.Result?.GetType()}, not a "
                    + "LoggerInitialized.");
        lock (_loggers)
            _loggers.Add(logger);
        SubscribeFrom(LogLevel, logger);
    }

    private void SubscribeFrom(LogLevel lowest, IActorRef logger)
    {
        foreach (var level in s_levels.Where(l => l >= lowest))
            Subscribe(logger, level.ClassFor());
    }

    private sealed class UnhandledMessageForwarder : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is UnhandledMessage unhandled)
                Context.System.EventStream.Publish(new Debug(unhandled.Recipient.Path.ToString(),
                    unhandled.Recipient.GetType(),
                    $"Unhandled message from {unhandled.Sender?.Path.ToString() ?? "NoSender"} : {unhandled.Message}"));
        }
    }
}
