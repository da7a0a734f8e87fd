namespace Flume.Views.Store;

/// <summary>The rows of one view with the checkpoint they reflect.</summary>
/// <remarks>
/// 1. Rows and checkpoint change together or not at all, also across a crash. 2. One thread commits; any thread reads.
/// 3. A reader keeps what it reads alive: disposing the store while readers are open closes it once the last has gone.
/// </remarks>
public interface IViewStore : IDisposable
{
    /// <summary>The last committed checkpoint; <see cref="Store.Checkpoint.Empty"/> for a fresh store.</summary>
    Checkpoint Checkpoint { get; }

    /// <summary>Bytes the store takes: of files on disk, or an estimate for a store in memory.</summary>
    long SizeBytes { get; }

    /// <summary>What the store takes beside its files; zeros for a store in memory, or one that was just replaced.</summary>
    StoreFigures Figures => default;

    /// <summary>An empty batch to fill, commit, clear and use again.</summary>
    ViewBatch NewBatch();

    /// <summary>Writes the batch's rows and the checkpoint in one step and fills in the counts of postings.</summary>
    /// <exception cref="ArgumentException">
    /// The checkpoint goes back or changes the version, or a posting's offset is not above the old since and at most
    /// the new one. Nothing was written.
    /// </exception>
    /// <exception cref="IOException">The write failed; the store is as it was.</exception>
    void Commit(ViewBatch batch, Checkpoint next);

    /// <summary>A view of the rows as they are now, unmoved by later commits.</summary>
    IViewReader OpenReader();

    /// <summary>Makes everything committed survive power loss. Commits alone survive the end of the process.</summary>
    void Flush();
}

/// <summary>What a store takes beside its files.</summary>
/// <param name="MemoryBytes">Rows not yet in a table file, and what its open tables keep in memory.</param>
/// <param name="CompactionBytes">Bytes that wait to be merged into fewer files, by RocksDB's estimate.</param>
public readonly record struct StoreFigures(long MemoryBytes, long CompactionBytes);
