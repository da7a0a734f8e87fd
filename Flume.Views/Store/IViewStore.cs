namespace Flume.Views.Store;

/// <summary>The rows of one view with the checkpoint that they reflect.</summary>
/// <remarks>
/// 1. Rows and checkpoint change together or not at all, also across a crash.
/// 2. One thread commits. Any thread reads.
/// 3. A disposed store closes after its last reader is disposed, so open readers stay valid.
/// </remarks>
public interface IViewStore : IDisposable
{
    /// <summary>The last committed checkpoint; <see cref="Store.Checkpoint.Empty"/> for a fresh store.</summary>
    Checkpoint Checkpoint { get; }

    /// <summary>The size of the store in bytes: of its files, or an estimate for a store in memory.</summary>
    long SizeBytes { get; }

    /// <summary>
    /// The store's memory and pending compaction; zeros for a store in memory or a store that was just replaced.
    /// </summary>
    StoreFigures Figures => default;

    /// <summary>Creates an empty batch. It can be filled, committed, cleared and reused.</summary>
    ViewBatch NewBatch();

    /// <summary>Writes the batch's rows and the checkpoint in one step. The store sets the posting counts.</summary>
    /// <exception cref="ArgumentException">
    /// The checkpoint decreases since or changes the version. Or a posting's offset is outside the range from the old
    /// since (exclusive) to the new since (inclusive). Nothing was written.
    /// </exception>
    /// <exception cref="IOException">The write failed. The store did not change.</exception>
    void Commit(ViewBatch batch, Checkpoint next);

    /// <summary>Opens a snapshot of the current rows. Later commits do not change it.</summary>
    IViewReader OpenReader();

    /// <summary>
    /// Makes all commits survive a power loss. A commit alone survives only the end of the process.
    /// </summary>
    void Flush();
}

/// <summary>The resources that a store uses in addition to its files.</summary>
/// <param name="MemoryBytes">The rows not yet in a table file, and the memory of open tables.</param>
/// <param name="CompactionBytes">Bytes that RocksDB estimates to compact.</param>
public readonly record struct StoreFigures(long MemoryBytes, long CompactionBytes);
