using Akka.Actor;
using Akka.Event;

namespace Akka.TestKit.Internal;

/// <summary>Says which log events fit, and counts them while it is applied.</summary>
/// <param name="name">What is looked for, for messages.</param>
/// <param name="isMatch">Whether an event fits.</param>
internal sealed class LogEventFilter(string name, Predicate<LogEvent> isMatch)
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public bool TryCount(LogEvent logEvent)
    {
        if (!isMatch(logEvent))
            return false;
        Interlocked.Increment(ref _count);
        return true;
    }

    public LogEventFilter Fresh() => new(name, isMatch);

    public override string ToString() => name;
}

/// <summary>Tells the listener to apply filters.</summary>
internal sealed record ApplyFilters(IReadOnlyList<LogEventFilter> Filters) : INoSerializationVerificationNeeded;

/// <summary>Tells the listener to apply filters no longer.</summary>
internal sealed record RemoveFilters(IReadOnlyList<LogEventFilter> Filters) : INoSerializationVerificationNeeded;
