using System.Text.RegularExpressions;
using Akka.Event;

namespace Akka.TestKit.Internal;

/// <summary>What is looked for in the text of a log event.</summary>
internal readonly record struct LogText(string Description, Predicate<string> IsMatch)
{
    public static LogText Of(string message, string start, string contains)
    {
        if (message != null)
            return new LogText($"\"{message}\"", text => text == message);
        if (start != null)
            return new LogText($"\"{start}...\"", text => text.StartsWith(start, StringComparison.Ordinal));
        if (contains != null)
            return new LogText($"\"...{contains}...\"", text => text.Contains(contains, StringComparison.Ordinal));
        return new LogText("of any text", static _ => true);
    }

    public static LogText Of(Regex pattern) => new($"/{pattern}/", pattern.IsMatch);

    /// <summary>
    /// Whether the event comes from the source: an actor's path with or without the address, or a name.
    /// </summary>
    public static bool IsFrom(LogEvent logEvent, string source)
    {
        if (source == null || logEvent.LogSource == source)
            return true;
        if (!Actor.ActorPath.TryParse(logEvent.LogSource, out var path))
            return false;
        var local = path.ToStringWithoutAddress();
        return local == source || local == "/" + source;
    }

    public bool Fits(object message) => IsMatch(message?.ToString() ?? "null");

    public override string ToString() => Description;
}
