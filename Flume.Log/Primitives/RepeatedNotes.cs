namespace Flume.Log.Primitives;

/// <summary>Writes a failure that repeats once, and from then on a count of it, at most once a minute.</summary>
/// <remarks>
/// Thread-safe. It remembers a limited number of kinds; a new kind beyond it takes the place of the oldest.
/// </remarks>
internal sealed class RepeatedNotes(Action<string> write, TimeProvider time)
{
    private volatile Action<string> _write = write;

    private const int KindsMax = 256;
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Kind> _kinds = new(StringComparer.Ordinal);

    /// <summary>Notes of this process, on standard error.</summary>
    public static RepeatedNotes OfProcess { get; } = new(ToStandardError, TimeProvider.System);

    /// <summary>Writes from now on elsewhere; null for standard error.</summary>
    public void SendTo(Action<string>? other) => _write = other ?? ToStandardError;

    /// <summary>Writes a text, or counts it when one of its kind was written within the last minute.</summary>
    public void Count(string kind, string text)
    {
        if (Repeats(kind) is { } repeated)
            _write(repeated == 0 ? text : $"{text}; {repeated + 1} times in the last minute or more");
    }

    /// <summary>Writes a failure, unless one of its kind was written within the last minute.</summary>
    /// <param name="what">
    /// What failed, such as a call and its name: with the error's type and place it is the kind.
    /// </param>
    /// <param name="error">The error, which is written with its stack the first time.</param>
    public void Failed(string what, Exception error)
    {
        if (Repeats($"{what}\n{error.GetType()}\n{FirstFrame(error)}") is not { } repeated) return;
        _write(repeated == 0 ? $"{what} failed unexpectedly: {error}"
            : $"{what} failed {repeated + 1} more times in the last minute or more: {error.Message}");
    }

    private static void ToStandardError(string text) => Console.Error.WriteLine($"flume: {text}");

    /// <summary>How often the kind came since it was written last; null when it is only counted.</summary>
    private long? Repeats(string kind)
    {
        lock (_lock)
        {
            bool isKnown = _kinds.TryGetValue(kind, out Kind? known);
            if (isKnown && time.GetElapsedTime(known!.WrittenAt) < Every)
            {
                known.Repeated++;
                return null;
            }

            if (!isKnown && _kinds.Count == KindsMax) _kinds.Remove(_kinds.MinBy(each => each.Value.WrittenAt).Key);
            _kinds[kind] = new Kind { WrittenAt = time.GetTimestamp() };
            return known?.Repeated ?? 0;
        }
    }

    private static string FirstFrame(Exception error)
    {
        string stack = error.StackTrace ?? "";
        int end = stack.IndexOf('\n');
        return end < 0 ? stack : stack[..end];
    }

    private sealed class Kind
    {
        public required long WrittenAt { get; init; }

        public long Repeated { get; set; }
    }
}
