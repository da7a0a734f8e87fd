using Flume.Log;
using Flume.Views.Checking;
using Flume.Views.Rebuilds;
using Flume.Views.Records;
using Flume.Views.Registered;
using Flume.Views.Store;

namespace Flume.Views;

/// <summary>A view that keeps its rows in files of its own kind, and builds a whole file by itself.</summary>
/// <remarks>
/// The engine follows, pauses, budgets, rebuilds and promotes it like any other. Steps go through its
/// <see cref="RowFold"/>, so records come in log order.
/// </remarks>
public interface IOwnStoreView : IReducingView
{
    /// <summary>True for an identity that keeps this view.</summary>
    bool IsKeptFor(string identity) => true;

    /// <summary>What one commit takes while the view is far behind; null for ordinary steps alone.</summary>
    CatchUpStep? CatchUp => null;

    /// <summary>The stores of one identity.</summary>
    IViewStoreFactory StoresIn(ViewStorePlace place);

    /// <summary>Fills a store that <see cref="IViewStoreFactory.CreateNext"/> made, from the log up to its head.</summary>
    /// <returns>What the rows reflect.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; the store is of no use.</exception>
    /// <exception cref="LogDamagedException">A record does not verify.</exception>
    /// <exception cref="IOException">The disk refuses.</exception>
    Checkpoint Build(IViewStore next, ViewBuild build, CancellationToken cancel);

    /// <summary>Compares the rows with those that the log implies, or looks only whether the files are whole.</summary>
    /// <exception cref="StoreDamagedException">The files can't be read as rows.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="LogDamagedException">The log itself is damaged, so the check has no result.</exception>
    ViewCheckReport Check(OwnStoreCheck check, CancellationToken cancel);
}

/// <summary>What is checked of a view that keeps its rows in files of its own kind.</summary>
/// <param name="Folder">The folder of the view's stores; no process writes them, unless <see cref="Rows"/> is given.</param>
/// <param name="Log">The log.</param>
/// <param name="Format">How its records are decoded.</param>
public sealed record OwnStoreCheck(string Folder, OffsetLog Log, RecordFormat Format)
{
    /// <summary>A snapshot of the open store, for a check inside a service; null to open the files of the folder.</summary>
    public IViewReader? Rows { get; init; }

    /// <summary>True leaves the rows out: only the files and what they say of themselves are checked.</summary>
    public bool IsQuick { get; init; }

    /// <summary>Limits on threads and time.</summary>
    public ViewCheckOptions Options { get; init; } = new();
}

/// <summary>The limits of one commit of a view that is far behind. The step ends at the first limit it reaches.</summary>
/// <param name="RecordsMax">Records.</param>
/// <param name="BytesMax">Bytes of log; the view is far behind when at least an eighth of them is left.</param>
/// <param name="TimeMax">Time; the view processes no message meanwhile.</param>
public sealed record CatchUpStep(int RecordsMax, long BytesMax, TimeSpan TimeMax);

/// <summary>Where a view's stores lie, and what they need to know of their identity.</summary>
/// <param name="Folder">The folder of the view's stores.</param>
public sealed record ViewStorePlace(string Folder)
{
    /// <summary>The identity's feed; null when it has no key pair.</summary>
    public string? Feed { get; init; }

    /// <summary>The open log; null while the identity is closed.</summary>
    public Func<OffsetLog?> Log { get; init; } = static () => null;

    /// <summary>How the records of the log are decoded now.</summary>
    public Func<RecordFormat> Format { get; init; } = static () => RecordFormat.Json;
}

/// <summary>How a store is built from the log.</summary>
/// <param name="Log">Read up to its head as of the start.</param>
/// <param name="Format">How its records are decoded.</param>
public sealed record ViewBuild(OffsetLog Log, RecordFormat Format)
{
    /// <summary>Part of the time that the build may work, above 0 and at most 1; asked for again at every run.</summary>
    public Func<double> Share { get; init; } = static () => 1.0;

    /// <summary>Records that it may apply in a second; asked for again at every run.</summary>
    public Func<double> RecordsPerSecond { get; init; } = static () => double.PositiveInfinity;

    /// <summary>Whether its threads run only when no other wants the core.</summary>
    public bool IsQuiet { get; init; }

    /// <summary>Told now and then from a working thread; null for nobody.</summary>
    public IProgress<BulkProgress>? Progress { get; init; }

    /// <summary>Rests after a run of records, as share and rate demand; one object for the whole build.</summary>
    public Action<CancellationToken, int> Rests()
    {
        var throttle = new Throttle(Share, RecordsPerSecond);
        return throttle.Rest;
    }
}
