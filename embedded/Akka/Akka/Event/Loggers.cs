using Akka.Actor;

namespace Akka.Event;

/// <summary>Sent to a logger to make it ready; it answers with a <see cref="LoggerInitialized"/>.</summary>
public class InitializeLogger : INoSerializationVerificationNeeded
{
    public InitializeLogger(LoggingBus loggingBus)
    {
        LoggingBus = loggingBus;
    }

    public LoggingBus LoggingBus { get; }
}

/// <summary>A logger's answer: it is ready.</summary>
public class LoggerInitialized : INoSerializationVerificationNeeded, IDeadLetterSuppression
{
}

/// <summary>A logger that is no actor: it works before there are any.</summary>
public abstract class MinimalLogger : MinimalActorRef
{
    public sealed override ActorPath Path { get; } = new RootActorPath(Address.AllSystems, "/StandardOutLogger");

    protected sealed override void TellInternal(object message, IActorRef sender)
    {
        ArgumentNullException.ThrowIfNull(message);
        Log(message);
    }

    protected abstract void Log(object message);
}

/// <summary>Writes to standard output.</summary>
public class StandardOutLogger : MinimalLogger
{
    private static readonly Lock s_lock = new();

    public static ConsoleColor DebugColor { get; set; } = ConsoleColor.Gray;

    public static ConsoleColor InfoColor { get; set; } = ConsoleColor.White;

    public static ConsoleColor WarningColor { get; set; } = ConsoleColor.Yellow;

    public static ConsoleColor ErrorColor { get; set; } = ConsoleColor.Red;

    public static bool UseColors { get; set; } = true;

    protected override void Log(object message)
    {
        var line = TextOf(message);
        lock (s_lock)
        {
            if (UseColors && !Console.IsOutputRedirected && message is LogEvent logEvent)
            {
                Console.ForegroundColor = ColorOf(logEvent.LogLevel());
                Console.WriteLine(line);
                Console.ResetColor();
            }
            else
            {
                Console.WriteLine(line);
            }
        }
    }

    private static string TextOf(object message)
    {
        try
        {
            return message.ToString();
        }
        catch (FormatException e) when (message is LogEvent { Message: LogMessage broken } logEvent)
        {
            return $"[ERROR][{logEvent.LogSource}] The format of a log message does not fit its arguments: {e.Message} "
                + $"str=[{broken.Format}], args=[{broken.Unformatted()}]";
        }
    }

    private static ConsoleColor ColorOf(LogLevel level) => level switch
    {
        LogLevel.DebugLevel => DebugColor,
        LogLevel.InfoLevel => InfoColor,
        LogLevel.WarningLevel => WarningColor,
        _ => ErrorColor,
    };
}

/// <summary>
/// The logger that a system has unless it is configured another: writes to the standard output logger.
/// </summary>
public class DefaultLogger : ActorBase
{
    private MinimalLogger _output;

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case InitializeLogger:
                _output = Context.System.Settings.StdoutLogger;
                Sender.Tell(new LoggerInitialized());
                return true;
            case LogEvent logEvent:
                Print(logEvent);
                return true;
            default:
                return false;
        }
    }

    protected virtual void Print(LogEvent logEvent) => _output.Tell(logEvent, ActorRefs.NoSender);
}
