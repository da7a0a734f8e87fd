namespace Flume.Log.Primitives;

/// <summary>Writes a failure that repeats once, and from then on a count of it, at most once a minute.</summary>
/// <remarks>
/// Thread-safe. It remembers a limited number of kinds; a new kind beyond it takes the place of the oldest.
/// </remarks>
internal sealed class RepeatedNotes(Action<string> write, TimeProvider time)
{
    private const int KindsMax = 256;
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Kind> _kinds = new(StringComparer.Ordinal);

    /// <summary>Notes of this process, on standard error.</summary>
    public static RepeatedNotes OfProcess { get; } = new(
        static text => Console.Error.WriteLine(text), TimeProvider.System);

    /// <summary>Writes a failure, unless one of its kind was written within the last minute.</summary>
    /// <param name="what">
    /// What failed, such as a call and its name: with the error's type and place it is the kind.
    /// </param>
    /// <param name="error">The error, which is written with its stack the first time.</param>
    public void Failed(string what, Exception error)
    {
        string kind = $"{what}\n{error.GetType()}\n{FirstFrame(error)}";
        long repeated;
        lock (_lock)
        {
            bool isKnown = _kinds.TryGetValue(kind, out Kind? known);
            if (isKnown && time.GetElapsedTime(known!.WrittenAt) < Every)
            {
                known.Repeated++;
                return;
            }

            if (!isKnown && _kinds.Count == KindsMax) _kinds.Remove(_kinds.MinBy(each => each.Value.WrittenAt).Key);
            repeated = known?.Repeated ?? 0;
            _kinds[kind] = new Kind { WrittenAt = time.GetTimestamp() };
        }

        write(repeated == 0 ? $"flume: {what} failed unexpectedly: {error}"
            : $"flume: {what} failed {repeated + 1} more times in the last minute or more: {error.Message}");
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
