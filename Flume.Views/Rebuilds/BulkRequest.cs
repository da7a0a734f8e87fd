using Flume.Log;
using Flume.Views.Records;
using Flume.Views.Store;

namespace Flume.Views.Rebuilds;

/// <summary>One scan of a log that builds fresh stores for several views.</summary>
/// <param name="Log">Read up to its head as of the start.</param>
/// <param name="Format">How its records are decoded.</param>
/// <param name="Views">Each view with the fresh, empty store that it goes into.</param>
internal sealed record BulkRequest(OffsetLog Log, RecordFormat Format, IReadOnlyList<BulkTarget> Views)
{
    /// <summary>Threads that decode and apply; the default is one per core.</summary>
    public int Degree { get; init; } = Environment.ProcessorCount;

    /// <summary>Bytes of postings held in memory, all views together, before sorted runs go to disk.</summary>
    public long MemoryBytes { get; init; } = 96L << 20;

    /// <summary>
    /// Part of the time that each thread may work, greater than 0 and at most 1; asked for again at every run.
    /// </summary>
    public Func<double> Share { get; init; } = static () => 1.0;

    /// <summary>Records that all threads together may apply in a second; asked for again at every run.</summary>
    public Func<double> RecordsPerSecond { get; init; } = static () => double.PositiveInfinity;

    /// <summary>
    /// Whether its threads run only when no other wants the core: nobody waits for the result. A thread stays so for
    /// life, so this is for <see cref="BulkIndexer.RunAsync"/>, whose threads are its own.
    /// </summary>
    public bool IsQuiet { get; init; }

    /// <summary>Told now and then from a working thread; null for nobody.</summary>
    public IProgress<BulkProgress>? Progress { get; init; }
}

/// <summary>A view and its next store, still empty; it may still be opening while the log is scanned.</summary>
internal sealed record BulkTarget(IView View, Task<RocksViewStore> Opening)
{
    /// <summary>A view and a store that is open.</summary>
    internal BulkTarget(IView view, RocksViewStore store)
        : this(view, Task.FromResult(store))
    {
    }

    /// <summary>The store; waits until it is open.</summary>
    public RocksViewStore Store => Opening.GetAwaiter().GetResult();

    /// <summary>What the store takes over instead of deriving it anew; null for nothing.</summary>
    public Func<RetainedPostings>? Keep { get; init; }
}

/// <summary>How far a scan has come.</summary>
/// <param name="Records">Records applied.</param>
/// <param name="Bytes">Bytes of log read.</param>
/// <param name="BytesTotal">Bytes of log to read.</param>
/// <param name="Phase">What it is doing.</param>
public readonly record struct BulkProgress(long Records, long Bytes, long BytesTotal, BulkPhase Phase);

/// <summary>The two phases of a bulk build.</summary>
public enum BulkPhase
{
    /// <summary>Reading the log and collecting postings.</summary>
    Scanning,

    /// <summary>Sorting, packing and ingesting.</summary>
    Sealing,
}
