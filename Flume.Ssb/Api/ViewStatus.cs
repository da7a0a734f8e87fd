using Flume.Log;
using Flume.Views;
using Flume.Views.Store;

namespace Flume.Ssb.Api;

/// <summary>A snapshot of one view's status for operators.</summary>
public sealed record ViewStatus
{
    /// <summary>The view's name.</summary>
    public required string Name { get; init; }

    /// <summary>The version of the view's <c>Apply</c>. Rows of another version are rebuilt.</summary>
    public required int Version { get; init; }

    /// <summary>What the view is doing.</summary>
    public required ViewState State { get; init; }

    /// <summary>The origin of the view.</summary>
    public ViewKind Kind { get; init; }

    /// <summary>The JSON of its registration or configuration; null for a built-in view.</summary>
    public string? Definition { get; init; }

    /// <summary>The client that the view depends on; null for none.</summary>
    public string? WaitsFor { get; init; }

    /// <summary>The offset of the last entry that the rows reflect.</summary>
    public required Offset Since { get; init; }

    /// <summary>The head that <see cref="Lag"/> was measured against.</summary>
    public required Offset Head { get; init; }

    /// <summary>The distance from since to the head.</summary>
    public required ViewLag Lag { get; init; }

    /// <summary>The average number of applied entries per second over the last seconds; 0 when idle.</summary>
    public double RecordsPerSecond { get; init; }

    /// <summary>The time to catch up at the current rate; null if live or not advancing.</summary>
    public TimeSpan? Eta { get; init; }

    /// <summary>The number of malformed entries skipped since the store was empty.</summary>
    public long Skipped { get; init; }

    /// <summary>The number of restarts after errors since process start.</summary>
    public int Restarts { get; init; }

    /// <summary>The number of fresh stores that were promoted since process start.</summary>
    public int Rebuilds { get; init; }

    /// <summary>The last error with its offset; null for none.</summary>
    public string? LastError { get; init; }

    /// <summary>Bytes of the serving store on disk.</summary>
    public long StoreBytes { get; init; }

    /// <summary>The memory and pending compaction of the serving store.</summary>
    public StoreFigures Store { get; init; }

    /// <summary>The rows per table of the serving store. Some numbers are estimates that avoid a scan.</summary>
    public IReadOnlyDictionary<string, long> Rows { get; init; } = new Dictionary<string, long>();

    /// <summary>The rebuild in progress, or null.</summary>
    public RebuildInfo? Rebuilding { get; init; }

    /// <summary>The resource limits for indexing.</summary>
    public IndexBudget Budget { get; init; } = IndexBudget.Full;

    /// <summary>The reason and the end of a pause, or null.</summary>
    public PauseInfo? Paused { get; init; }
}

/// <summary>The gap between a view's since and the head.</summary>
/// <param name="Records">Entries to apply, estimated from <paramref name="Bytes"/> and the mean record length.</param>
/// <param name="Bytes">Bytes of log from since (exclusive) to the end.</param>
/// <param name="Seconds">Seconds since the view last reached the head; 0 when it is there.</param>
public readonly record struct ViewLag(long Records, long Bytes, double Seconds)
{
    /// <summary>True if since equals the head.</summary>
    public bool IsNone => Bytes == 0;
}

/// <summary>A rebuild in progress.</summary>
/// <param name="Progress">The fraction of the log scanned, 0 to 1.</param>
/// <param name="RecordsPerSecond">Entries scanned per second.</param>
/// <param name="Eta">The remaining time at this rate; null if unknown.</param>
/// <param name="Reason">The reason: requested, version change, damage, or since above the head.</param>
public sealed record RebuildInfo(double Progress, double RecordsPerSecond, TimeSpan? Eta, string Reason);

/// <summary>An active pause.</summary>
/// <param name="Reason">The operator's reason.</param>
/// <param name="Until">The time of the automatic resume; null for none.</param>
public sealed record PauseInfo(string Reason, DateTimeOffset? Until);
