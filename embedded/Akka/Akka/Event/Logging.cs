using Akka.Actor;

namespace Akka.Event;

/// <summary>Makes logging adapters, and knows the names of the levels.</summary>
public static class Logging
{
    private const LogLevel Off = (LogLevel)int.MaxValue;

    /// <summary>A logger in the name of an actor.</summary>
    public static ILoggingAdapter GetLogger(this IActorContext context,
        ILogMessageFormatter logMessageFormatter = null) =>
        GetLogger(context.System, context, logMessageFormatter);

    /// <summary>A logger in the name of an actor, a type, or a string.</summary>
    public static ILoggingAdapter GetLogger(ActorSystem system, object logSourceObj,
        ILogMessageFormatter logMessageFormatter = null)
    {
        (string name, Type type) = logSourceObj switch
        {
            IActorContext context => (context.Self.Path.ToString(), context.Props.Type),
            IActorRef actor => (actor.Path.ToString(), actor.GetType()),
            string text => ($"{text} ({system})", typeof(DummyClassForStringSources)),
            Type t => ($"{t.Name} ({system})", t),
            _ => ($"{logSourceObj.GetType().Name} ({system})", logSourceObj.GetType()),
        };
        return new BusLogging(system.EventStream, name, type, logMessageFormatter ?? system.Settings.LogFormatter);
    }

    public static LogLevel LogLevelFor(string logLevel) => logLevel?.ToUpperInvariant() switch
    {
        "DEBUG" => LogLevel.DebugLevel,
        "INFO" => LogLevel.InfoLevel,
        "WARNING" => LogLevel.WarningLevel,
        "ERROR" => LogLevel.ErrorLevel,
        "OFF" => Off,
        _ => throw new ArgumentException(
            $"'{logLevel}' is no log level. Levels are OFF, ERROR, WARNING, INFO and DEBUG.", nameof(logLevel)),
    };

    public static string StringFor(this LogLevel logLevel) => logLevel switch
    {
        LogLevel.DebugLevel => "DEBUG",
        LogLevel.InfoLevel => "INFO",
        LogLevel.WarningLevel => "WARNING",
        LogLevel.ErrorLevel => "ERROR",
        Off => "OFF",
        _ => throw new ArgumentException($"Unknown LogLevel {logLevel}", nameof(logLevel)),
    };

    public static Type ClassFor(this LogLevel logLevel) => logLevel switch
    {
        LogLevel.DebugLevel => typeof(Debug),
        LogLevel.InfoLevel => typeof(Info),
        LogLevel.WarningLevel => typeof(Warning),
        LogLevel.ErrorLevel => typeof(Error),
        _ => throw new ArgumentException($"Unknown LogLevel {logLevel}", nameof(logLevel)),
    };

    public static string SimpleName(object o) => SimpleName(o.GetType());

    public static string SimpleName(Type t) => t.Name;
}

/// <summary>The log class of sources that are mere strings.</summary>
public class DummyClassForStringSources
{
}
