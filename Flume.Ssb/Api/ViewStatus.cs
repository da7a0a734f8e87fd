using Flume.Log;
using Flume.Views;
using Flume.Views.Store;

namespace Flume.Ssb.Api;

/// <summary>Everything an operator may ask about one view, as of one moment.</summary>
public sealed record ViewStatus
{
    /// <summary>The view's name.</summary>
    public required string Name { get; init; }

    /// <summary>The version of the view's <c>Apply</c>; other rows than this version's are rebuilt.</summary>
    public required int Version { get; init; }

    /// <summary>What the view is doing.</summary>
    public required ViewState State { get; init; }

    /// <summary>Where the view comes from.</summary>
    public ViewKind Kind { get; init; }

    /// <summary>What a view was registered or configured with, as JSON; null for a built-in one.</summary>
    public string? Definition { get; init; }

    /// <summary>Whom the view waits for, and can't go on without; null when for nobody.</summary>
    public string? WaitsFor { get; init; }

    /// <summary>The last entry that the rows reflect (inclusive).</summary>
    public required Offset Since { get; init; }

    /// <summary>The head that <see cref="Lag"/> was measured against.</summary>
    public required Offset Head { get; init; }

    /// <summary>How far since is behind the head.</summary>
    public required ViewLag Lag { get; init; }

    /// <summary>Entries applied per second, averaged over the last seconds; 0 when idle.</summary>
    public double RecordsPerSecond { get; init; }

    /// <summary>Time until the view has caught up at the present rate; null when live or standing still.</summary>
    public TimeSpan? Eta { get; init; }

    /// <summary>Entries that the view skipped because they are malformed to it, since its rows were begun.</summary>
    public long Skipped { get; init; }

    /// <summary>How often the view was started again after an error, since the process started.</summary>
    public int Restarts { get; init; }

    /// <summary>The last error, with the offset it happened at; null when there was none.</summary>
    public string? LastError { get; init; }

    /// <summary>Bytes of the serving store on disk.</summary>
    public long StoreBytes { get; init; }

    /// <summary>What the serving store takes beside its files.</summary>
    public StoreFigures Store { get; init; }

    /// <summary>Rows per table of the serving store; estimates where exact counting would need a scan.</summary>
    public IReadOnlyDictionary<string, long> Rows { get; init; } = new Dictionary<string, long>();

    /// <summary>The rebuild under way, or null.</summary>
    public RebuildInfo? Rebuilding { get; init; }

    /// <summary>How much of the machine its indexing may use.</summary>
    public IndexBudget Budget { get; init; } = IndexBudget.Full;

    /// <summary>Why and until when the view is paused, or null.</summary>
    public PauseInfo? Paused { get; init; }
}

/// <summary>The gap between a view's since and the head.</summary>
/// <param name="Records">Entries to apply, estimated from <paramref name="Bytes"/> and the mean record length.</param>
/// <param name="Bytes">Bytes of log from since (exclusive) to the end.</param>
/// <param name="Seconds">Seconds since the view was last caught up; 0 when it is.</param>
public readonly record struct ViewLag(long Records, long Bytes, double Seconds)
{
    /// <summary>True when since is the head.</summary>
    public bool IsNone => Bytes == 0;
}

/// <summary>A rebuild under way.</summary>
/// <param name="Progress">The part of the log scanned, 0 to 1.</param>
/// <param name="RecordsPerSecond">Entries scanned per second.</param>
/// <param name="Eta">Time left at this rate; null while unknown.</param>
/// <param name="Reason">Why: asked for, version changed from … to …, damaged, beyond the head.</param>
public sealed record RebuildInfo(double Progress, double RecordsPerSecond, TimeSpan? Eta, string Reason);

/// <summary>A pause in force.</summary>
/// <param name="Reason">The operator's words.</param>
/// <param name="Until">When it ends by itself; null for never.</param>
public sealed record PauseInfo(string Reason, DateTimeOffset? Until);
