using System.Text.RegularExpressions;
using Akka.Actor;
using Akka.Event;
using Akka.TestKit.Internal;

namespace Akka.TestKit;

/// <summary>Makes filters for log events: by level, cause, text and source.</summary>
public class EventFilterFactory
{
    private readonly TestKitBase _testkit;
    private readonly ActorSystem _system;
    private readonly IReadOnlyList<LogEventFilter> _others;

    public EventFilterFactory(TestKitBase testkit) : this(testkit, testkit.Sys)
    {
    }

    public EventFilterFactory(TestKitBase testkit, ActorSystem system) : this(testkit, system, [])
    {
    }

    internal EventFilterFactory(TestKitBase testkit, ActorSystem system, IReadOnlyList<LogEventFilter> others)
    {
        _testkit = testkit;
        _system = system;
        _others = others;
    }

    /// <summary>Errors whose cause is of a type. The text is looked for in the message and in the cause's.</summary>
    public IEventFilterApplier Exception<TException>(string message = null, string start = null, string contains = null,
        string source = null) where TException : Exception =>
        Exception(typeof(TException), message, start, contains, source);

    public IEventFilterApplier Exception<TException>(Regex pattern, string source = null)
        where TException : Exception =>
        Exception(typeof(TException), pattern, source);

    public IEventFilterApplier Exception(Type exceptionType, string message = null, string start = null,
        string contains = null, string source = null, bool checkInnerExceptions = false) =>
        Cause(exceptionType, LogText.Of(message, start, contains), source, checkInnerExceptions);

    public IEventFilterApplier Exception(Type exceptionType, Regex pattern, string source = null,
        bool checkInnerExceptions = false) => Cause(exceptionType, LogText.Of(pattern), source, checkInnerExceptions);

    public IEventFilterApplier Error(string message = null, string start = null, string contains = null,
        string source = null) =>
        ForLogLevel(LogLevel.ErrorLevel, message, start, contains, source);

    public IEventFilterApplier Error(Regex pattern, string source = null) =>
        ForLogLevel(LogLevel.ErrorLevel, pattern, source);

    public IEventFilterApplier Warning(string message = null, string start = null, string contains = null,
        string source = null) => ForLogLevel(LogLevel.WarningLevel, message, start, contains, source);

    public IEventFilterApplier Warning(Regex pattern, string source = null) =>
        ForLogLevel(LogLevel.WarningLevel, pattern, source);

    public IEventFilterApplier Info(string message = null, string start = null, string contains = null,
        string source = null) =>
        ForLogLevel(LogLevel.InfoLevel, message, start, contains, source);

    public IEventFilterApplier Info(Regex pattern, string source = null) =>
        ForLogLevel(LogLevel.InfoLevel, pattern, source);

    public IEventFilterApplier Debug(string message = null, string start = null, string contains = null,
        string source = null) =>
        ForLogLevel(LogLevel.DebugLevel, message, start, contains, source);

    public IEventFilterApplier Debug(Regex pattern, string source = null) =>
        ForLogLevel(LogLevel.DebugLevel, pattern, source);

    /// <summary>Events of a level. An error's text is looked for in its cause's message too.</summary>
    public IEventFilterApplier ForLogLevel(LogLevel logLevel, string message = null, string start = null,
        string contains = null, string source = null) => Level(logLevel, LogText.Of(message, start, contains), source);

    public IEventFilterApplier ForLogLevel(LogLevel logLevel, Regex pattern, string source = null) =>
        Level(logLevel, LogText.Of(pattern), source);

    /// <summary>Dead letters.</summary>
    public IEventFilterApplier DeadLetter() => Letters("any", static _ => true, null);

    /// <summary>Dead letters with a message of a type, sent to the actor at the path given as source.</summary>
    public IEventFilterApplier DeadLetter<TMessage>(string source = null) => DeadLetter(typeof(TMessage), source);

    public IEventFilterApplier DeadLetter<TMessage>(Func<TMessage, bool> isMatch, string source = null) =>
        Letters(typeof(TMessage).Name, m => m is TMessage message && isMatch(message), source);

    public IEventFilterApplier DeadLetter(Type type, string source = null) =>
        Letters(type.Name, type.IsInstanceOfType, source);

    /// <summary>Events for which this is true.</summary>
    public IEventFilterApplier Custom(Predicate<LogEvent> predicate) => Applier("custom", predicate);

    public IEventFilterApplier Custom<TLogEvent>(Predicate<TLogEvent> predicate) where TLogEvent : LogEvent =>
        Applier("custom", e => e is TLogEvent logEvent && predicate(logEvent));

    private EventFilterApplier Level(LogLevel level, LogText text, string source) => Applier(
        $"{level.StringFor()} {text}{Where(source)}", e => e.LogLevel() == level && LogText.IsFrom(e, source)
            && (text.Fits(e.Message) || (e.Cause != null && text.Fits(e.Cause.Message))));

    private EventFilterApplier Cause(Type type, LogText text, string source, bool inner) => Applier(
        $"ERROR with cause {type.Name} {text}{Where(source)}", e => e is Error && LogText.IsFrom(e, source)
            && Causes(e.Cause, inner).Any(c =>
                type.IsInstanceOfType(c) && (text.Fits(e.Message) || text.Fits(c.Message))));

    private EventFilterApplier Letters(string what, Predicate<object> fits, string source) => Applier(
        $"dead letter {what}{Where(source)}",
        e => e is Warning { Message: DeadLetter letter } && fits(letter.Message) && LogText.IsFrom(e, source));

    private EventFilterApplier Applier(string name, Predicate<LogEvent> isMatch) =>
        new(_testkit, _system, [.. _others, new LogEventFilter(name, isMatch)]);

    private static string Where(string source) => source == null ? "" : " from " + source;

    private static IEnumerable<Exception> Causes(Exception cause, bool inner)
    {
        for (; cause != null; cause = inner ? cause.InnerException : null)
            yield return cause;
    }
}
