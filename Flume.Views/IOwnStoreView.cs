using Flume.Log;
using Flume.Views.Checking;
using Flume.Views.Rebuilds;
using Flume.Views.Records;
using Flume.Views.Registered;
using Flume.Views.Store;

namespace Flume.Views;

/// <summary>A view with its own store format. It builds a complete store itself.</summary>
/// <remarks>
/// The engine follows, pauses, budgets, rebuilds and promotes it like any other view. Its <see cref="RowFold"/> applies
/// records in log order.
/// </remarks>
public interface IOwnStoreView : IReducingView
{
    /// <summary>True if an identity has this view.</summary>
    bool IsKeptFor(string identity) => true;

    /// <summary>What one commit takes while the view is far behind; null for ordinary steps alone.</summary>
    CatchUpStep? CatchUp => null;

    /// <summary>The stores of one identity.</summary>
    IViewStoreFactory StoresIn(ViewStorePlace place);

    /// <summary>Fills a store of <see cref="IViewStoreFactory.CreateNext"/> from the log, up to the head.</summary>
    /// <returns>The checkpoint of the rows.</returns>
    /// <exception cref="OperationCanceledException">Cancelled. The store is incomplete.</exception>
    /// <exception cref="LogDamagedException">A record does not verify.</exception>
    /// <exception cref="IOException">The file system fails.</exception>
    Checkpoint Build(IViewStore next, ViewBuild build, CancellationToken cancel);

    /// <summary>Compares the rows with those that the log implies, or looks only whether the files are whole.</summary>
    /// <exception cref="StoreDamagedException">The files can't be read as rows.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="LogDamagedException">The log itself is damaged, so the check has no result.</exception>
    ViewCheckReport Check(OwnStoreCheck check, CancellationToken cancel);
}

/// <summary>What is checked of a view that keeps its rows in files of its own kind.</summary>
/// <param name="Folder">
/// The folder of the view's stores; no process writes them, unless <see cref="Rows"/> is given.
/// </param>
/// <param name="Log">The log.</param>
/// <param name="Format">How its records are decoded.</param>
public sealed record OwnStoreCheck(string Folder, OffsetLog Log, RecordFormat Format)
{
    /// <summary>
    /// A snapshot of the open store, for a check inside a service; null to open the files of the folder.
    /// </summary>
    public IViewReader? Rows { get; init; }

    /// <summary>True leaves the rows out: only the files and what they say of themselves are checked.</summary>
    public bool IsQuick { get; init; }

    /// <summary>Limits on threads and time.</summary>
    public ViewCheckOptions Options { get; init; } = new();
}

/// <summary>
/// The limits of one commit of a view that is far behind. The step ends at the first limit it reaches.
/// </summary>
/// <param name="RecordsMax">Records.</param>
/// <param name="BytesMax">Bytes of log; the view is far behind when at least an eighth of them is left.</param>
/// <param name="TimeMax">Time; the view processes no message meanwhile.</param>
public sealed record CatchUpStep(int RecordsMax, long BytesMax, TimeSpan TimeMax);

/// <summary>The folder of a view's stores, and the data of its identity.</summary>
/// <param name="Folder">The folder of the view's stores.</param>
public sealed record ViewStorePlace(string Folder)
{
    /// <summary>The identity's feed; null if it has no key pair.</summary>
    public string? Feed { get; init; }

    /// <summary>The open log; null while the identity is closed.</summary>
    public Func<OffsetLog?> Log { get; init; } = static () => null;

    /// <summary>The current format of the log's records.</summary>
    public Func<RecordFormat> Format { get; init; } = static () => RecordFormat.Json;
}

/// <summary>The input and limits of a build.</summary>
/// <param name="Log">The log. It is read up to its head at the start.</param>
/// <param name="Format">The format of its records.</param>
public sealed record ViewBuild(OffsetLog Log, RecordFormat Format)
{
    /// <summary>
    /// The fraction of time that the build may work, greater than 0 and at most 1. It is read again for every batch.
    /// </summary>
    public Func<double> Share { get; init; } = static () => 1.0;

    /// <summary>The maximum records per second. It is read again for every batch.</summary>
    public Func<double> RecordsPerSecond { get; init; } = static () => double.PositiveInfinity;

    /// <summary>True to run the threads at low priority.</summary>
    public bool IsQuiet { get; init; }

    /// <summary>Receives progress reports at intervals from a working thread; null for none.</summary>
    public IProgress<BulkProgress>? Progress { get; init; }

    /// <summary>Creates the throttle of the build: call it after every batch with the number of records.</summary>
    public Action<CancellationToken, int> Rests()
    {
        var throttle = new Throttle(Share, RecordsPerSecond);
        return throttle.Rest;
    }
}
