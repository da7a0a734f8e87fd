using System.Globalization;
using Akka.Actor;

namespace Akka.Event;

/// <summary>Something that is to be logged; published on the event stream.</summary>
public abstract class LogEvent : INoSerializationVerificationNeeded
{
    protected LogEvent()
    {
        Timestamp = TimeProvider.System.GetUtcNow().UtcDateTime;
        Thread = Thread.CurrentThread;
    }

    public Exception Cause { get; protected set; }

    /// <summary>UTC.</summary>
    public DateTime Timestamp { get; }

    public Thread Thread { get; }

    public string LogSource { get; protected set; }

    public Type LogClass { get; protected set; }

    /// <summary>A string, or a <see cref="LogMessage"/> that makes one when asked.</summary>
    public object Message { get; protected set; }

    public abstract LogLevel LogLevel();

    public override string ToString()
    {
        var level = LogLevel().ToString().Replace("Level", "", StringComparison.Ordinal).ToUpperInvariant();
        var time = Timestamp.ToString("MM/dd/yyyy HH:mm:ss.fffK", CultureInfo.InvariantCulture);
        var line = $"[{level}][{time}][Thread {Thread.ManagedThreadId:0000}][{LogSource}] {Message}";
        return Cause == null ? line : line + Environment.NewLine + "Cause: " + Cause;
    }

    private protected void Set(Exception cause, string logSource, Type logClass, object message)
    {
        Cause = cause;
        LogSource = logSource;
        LogClass = logClass;
        Message = message;
    }
}

/// <summary>A log event for those who look for errors.</summary>
public class Debug : LogEvent
{
    public Debug(string logSource, Type logClass, object message) : this(null, logSource, logClass, message)
    {
    }

    public Debug(Exception cause, string logSource, Type logClass, object message)
    {
        Set(cause, logSource, logClass, message);
    }

    public override LogLevel LogLevel() => Event.LogLevel.DebugLevel;
}

/// <summary>A log event that tells what goes on.</summary>
public class Info : LogEvent
{
    public Info(string logSource, Type logClass, object message) : this(null, logSource, logClass, message)
    {
    }

    public Info(Exception cause, string logSource, Type logClass, object message)
    {
        Set(cause, logSource, logClass, message);
    }

    public override LogLevel LogLevel() => Event.LogLevel.InfoLevel;
}

/// <summary>A log event about something that may need attention.</summary>
public class Warning : LogEvent
{
    public Warning(string logSource, Type logClass, object message) : this(null, logSource, logClass, message)
    {
    }

    public Warning(Exception cause, string logSource, Type logClass, object message)
    {
        Set(cause, logSource, logClass, message);
    }

    public override LogLevel LogLevel() => Event.LogLevel.WarningLevel;
}

/// <summary>A log event about something that failed.</summary>
public class Error : LogEvent
{
    public Error(Exception cause, string logSource, Type logClass, object message)
    {
        Set(cause, logSource, logClass, message);
    }

    public override LogLevel LogLevel() => Event.LogLevel.ErrorLevel;
}
