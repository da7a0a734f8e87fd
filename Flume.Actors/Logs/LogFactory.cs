using Flume.Log;

namespace Flume.Actors;

/// <summary>
/// Opens the log of one identity. The LogActor gets it instead of an open log, to reopen after a restart.
/// </summary>
internal sealed record LogFactory(string Path, LogOptions Options, bool FollowWhenLocked)
{
    /// <summary>Interval in which a log that another process writes is checked for appends.</summary>
    public TimeSpan FollowEvery => TimeSpan.FromMilliseconds(Options.FollowPollMs);

    /// <summary>
    /// Opens the log for writing. When another process writes it and <see cref="FollowWhenLocked"/> is true, opens it
    /// read-only.
    /// </summary>
    /// <exception cref="LogException">The log can't be opened.</exception>
    public OffsetLog Open()
    {
        try
        {
            return OffsetLog.Open(Path, Options);
        }
        catch (LogLockedException) when (FollowWhenLocked)
        {
            return OffsetLog.Open(Path, Options with { ReadOnly = true, Width = null });
        }
    }

    /// <summary>The options that the settings configure.</summary>
    /// <remarks>The width applies to a new log; an existing log keeps its width.</remarks>
    public static LogOptions OptionsFor(FlumeSettings settings, IdentityFiles files, TimeProvider time) => new()
    {
        Width = File.Exists(files.Log) ? null : settings.Log.NewWidth,
        ReadOnly = settings.Log.ReadOnly,
        HoldsViewLocks = !files.IsOwnLayout,
        Map = settings.Log.Map ?? (files.IsOwnLayout ? null : false),
        RecordBytesMax = settings.Log.RecordBytesMax,
        MapChunkBytes = settings.Log.MapChunkBytes,
        CrcBlockBytes = settings.Log.CrcBlockBytes,
        FollowPollMs = settings.Log.FollowPollMs,
        AppendBytesMax = 1 << 30,
        Time = time,
    };
}
