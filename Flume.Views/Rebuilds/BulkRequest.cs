using Flume.Log;
using Flume.Log.Primitives;
using Flume.Views.Records;
using Flume.Views.Store;

namespace Flume.Views.Rebuilds;

/// <summary>One scan of a log that builds fresh stores for several views.</summary>
/// <param name="Log">The log to read, up to its head at the start.</param>
/// <param name="Format">How its records are decoded.</param>
/// <param name="Views">Each view with its fresh, empty store.</param>
internal sealed record BulkRequest(OffsetLog Log, RecordFormat Format, IReadOnlyList<BulkTarget> Views)
{
    /// <summary>The number of threads that decode and apply. The default is one per core.</summary>
    public int Degree { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// The memory for postings of all views, in bytes. Postings above it are spilled to disk as sorted runs.
    /// </summary>
    public long MemoryBytes { get; init; } = MachineMemory.Share(1.0 / 16, 1 << 20, 96L << 20);

    /// <summary>
    /// The fraction of time that each thread may work, greater than 0 and at most 1. It is read again for every batch.
    /// </summary>
    public Func<double> Share { get; init; } = static () => 1.0;

    /// <summary>The maximum records per second of all threads together. It is read again for every batch.</summary>
    public Func<double> RecordsPerSecond { get; init; } = static () => double.PositiveInfinity;

    /// <summary>
    /// True runs the threads at low priority, when cores are idle. A thread keeps that priority for its lifetime. Use
    /// it only with <see cref="BulkIndexer.RunAsync"/>, which creates its own threads.
    /// </summary>
    public bool IsQuiet { get; init; }

    /// <summary>Receives progress reports at intervals from a working thread; null for none.</summary>
    public IProgress<BulkProgress>? Progress { get; init; }
}

/// <summary>A view and its next store, which is empty. It can open during the scan.</summary>
internal sealed record BulkTarget(IView View, Task<RocksViewStore> Opening)
{
    /// <summary>A view and an open store.</summary>
    internal BulkTarget(IView view, RocksViewStore store)
        : this(view, Task.FromResult(store))
    {
    }

    /// <summary>The store; waits until it is open.</summary>
    public RocksViewStore Store => Opening.GetAwaiter().GetResult();

    /// <summary>Opens the postings to retain from the serving store; null retains none.</summary>
    public Func<RetainedPostings>? Keep { get; init; }
}

/// <summary>The progress of a scan.</summary>
/// <param name="Records">The number of records applied.</param>
/// <param name="Bytes">Bytes of log read.</param>
/// <param name="BytesTotal">Bytes of log to read.</param>
/// <param name="Phase">The current phase.</param>
public readonly record struct BulkProgress(long Records, long Bytes, long BytesTotal, BulkPhase Phase);

/// <summary>The two phases of a bulk build.</summary>
public enum BulkPhase
{
    /// <summary>Reading the log and collecting postings.</summary>
    Scanning,

    /// <summary>Sorting, packing and ingesting.</summary>
    Sealing,
}
