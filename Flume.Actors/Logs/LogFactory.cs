using Flume.Log;

namespace Flume.Actors;

/// <summary>How an identity's log is opened; handed to its actor instead of an open log, so that it can open it again.</summary>
internal sealed record LogFactory(string Path, LogOptions Options, bool FollowWhenLocked)
{
    /// <summary>How often a followed log is looked at for news.</summary>
    public TimeSpan FollowEvery => TimeSpan.FromMilliseconds(Options.FollowPollMs);

    /// <summary>Opens the log for writing; or only follows it, when another process writes it and that is allowed.</summary>
    /// <exception cref="LogException">It can't be opened.</exception>
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

    /// <summary>The options that settings ask for.</summary>
    /// <remarks>The width is for a new log; an existing one keeps its own.</remarks>
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
