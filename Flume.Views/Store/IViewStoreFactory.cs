using Flume.Log;

namespace Flume.Views.Store;

/// <summary>A fresh store that is built beside the serving one.</summary>
/// <param name="Store">The store, initially empty. The builder fills it.</param>
/// <param name="Reason">The reason of the build, for the status page.</param>
public sealed record NextStore(IViewStore Store, string Reason);

/// <summary>The stores of one view of one identity: the serving store and fresh stores.</summary>
/// <remarks>
/// Not thread-safe. The factory owns the serving store. A replaced store closes, and its files are deleted, after its
/// last reader is disposed.
/// </remarks>
public interface IViewStoreFactory : IDisposable
{
    /// <summary>
    /// Opens the serving store; null if there is none. It returns the same object until the store is replaced.
    /// </summary>
    /// <exception cref="StoreDamagedException">The store does not open, or its rows are incomplete.</exception>
    /// <exception cref="IOException">Another process holds the store, or the file system fails.</exception>
    IViewStore? OpenCurrent();

    /// <summary>Why the rows cannot follow the log although they are readable; null if they can.</summary>
    string? WhyRebuild(IViewStore current, Offset head) => null;

    /// <summary>
    /// Creates an empty store beside the serving one. The caller fills it, then promotes or abandons it.
    /// </summary>
    NextStore CreateNext(string reason);

    /// <summary>Makes a filled store the serving one. A later crash keeps the new store.</summary>
    void Promote(NextStore next);

    /// <summary>Removes a store that was not promoted.</summary>
    void Abandon(NextStore next);

    /// <summary>Removes the serving store and its rows.</summary>
    void Clear();

    /// <summary>Removes the stores of a crash or a cancelled rebuild. Returns their names.</summary>
    IReadOnlyList<string> CleanOrphans();
}

/// <summary>A snapshot that can copy its store, for a backup.</summary>
public interface ICopiedReader
{
    /// <summary>
    /// Copies the store into a missing or empty folder. Returns the checkpoint and the bytes of the copy.
    /// </summary>
    (Checkpoint At, long Bytes) CopyTo(string folder);
}
