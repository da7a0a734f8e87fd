using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;
using Microsoft.Extensions.Logging;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace Flume.Actors.Hosting;

/// <summary>
/// Forwards log events of actors to <see cref="ILogger"/>: one logger per class, with identity and view as a scope.
/// </summary>
internal sealed class LoggerBridge : ReceiveActor, IRequiresMessageQueue<ILoggerMessageQueueSemantics>
{
    private readonly ILoggerFactory _factory;
    private readonly Dictionary<Type, ILogger> _loggers = [];

    public LoggerBridge()
    {
        _factory = Context.System.Settings.Setup.Get<Target>().Value.Factory;
        Receive<InitializeLogger>(_ => Sender.Tell(new LoggerInitialized()));
        Receive<LogEvent>(Forward);
    }

    /// <summary>The setup of an actor system that logs to a factory; null keeps the configured loggers.</summary>
    public static ActorSystemSetup Setup(Config config, ILoggerFactory? factory)
    {
        if (factory is null) return ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(config));
        bool isDebug = factory.CreateLogger("Flume.Actors").IsEnabled(LogLevel.Debug);
        string level = isDebug ? "DEBUG" : config.GetString("akka.loglevel", "INFO");
        Config bridged = ConfigurationFactory.ParseString(
            $"akka {{ loglevel = {level}, stdout-loglevel = OFF, loggers = [\"{typeof(LoggerBridge).FullName}, " +
            $"{typeof(LoggerBridge).Assembly.GetName().Name}\"] }}").WithFallback(config);
        return ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(bridged), new Target(factory));
    }

    /// <summary>The identity and the view in an actor's path, as members of a scope.</summary>
    internal static IReadOnlyList<KeyValuePair<string, object?>> ScopeOf(string source)
    {
        ActorScope scope = [new("AkkaSource", source)];
        string[] parts = source.Split('/');
        int pub = Array.IndexOf(parts, "pub");
        if (pub < 0 || pub + 1 >= parts.Length) return scope;
        scope.Add(new("FlumeIdentity", parts[pub + 1]));
        if (pub + 3 < parts.Length && parts[pub + 2] == "views") scope.Add(new("FlumeView", parts[pub + 3]));
        return scope;
    }

    private void Forward(LogEvent logged)
    {
        ILogger logger = LoggerOf(logged.LogClass);
        LogLevel level = LevelOf(logged.LogLevel());
        if (!logger.IsEnabled(level)) return;
        using IDisposable? scope = logger.BeginScope(ScopeOf(logged.LogSource));
#pragma warning disable CA1848, CA2254 // The template comes from the actor's log call.
        if (logged.Message is LogMessage message)
            logger.Log(level, logged.Cause, message.Format, [.. message.Parameters()]);
        else
            logger.Log(level, logged.Cause, "{Message}", logged.Message);
#pragma warning restore CA1848, CA2254
    }

    private ILogger LoggerOf(Type source)
    {
        if (_loggers.TryGetValue(source, out ILogger? logger)) return logger;
        return _loggers[source] = _factory.CreateLogger(source.FullName ?? source.Name);
    }

    private static LogLevel LevelOf(Akka.Event.LogLevel level) => level switch
    {
        Akka.Event.LogLevel.DebugLevel => LogLevel.Debug,
        Akka.Event.LogLevel.InfoLevel => LogLevel.Information,
        Akka.Event.LogLevel.WarningLevel => LogLevel.Warning,
        _ => LogLevel.Error,
    };

    /// <summary>The members of a scope; as text the identity and the view alone.</summary>
    private sealed class ActorScope : List<KeyValuePair<string, object?>>
    {
        public override string ToString() =>
            Count > 1 ? string.Join('/', this.Skip(1).Select(member => member.Value)) : "engine";
    }

    /// <summary>Carries the factory into the actor system.</summary>
    private sealed class Target(ILoggerFactory factory) : Setup
    {
        public ILoggerFactory Factory => factory;
    }
}
