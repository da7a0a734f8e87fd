using Flume.Log;

namespace Flume.Views.Store;

/// <summary>A store being built beside the serving one.</summary>
/// <param name="Store">Empty at first; whoever builds fills it.</param>
/// <param name="Reason">Why it is built, in words for the status page.</param>
public sealed record NextStore(IViewStore Store, string Reason);

/// <summary>The stores of one view of one identity: the one that serves, and the next ones.</summary>
/// <remarks>
/// For one thread at a time. The serving store belongs to this; one that is replaced closes, and its files go, when its
/// last reader has left.
/// </remarks>
public interface IViewStoreFactory : IDisposable
{
    /// <summary>Opens the store that serves; null when there is none yet. The same object until it is replaced.</summary>
    /// <exception cref="StoreDamagedException">It does not open, or its rows are not whole.</exception>
    /// <exception cref="IOException">Another process has it, or the disk refuses.</exception>
    IViewStore? OpenCurrent();

    /// <summary>Why the rows can't follow the log although they can be read; null when they can.</summary>
    string? WhyRebuild(IViewStore current, Offset head) => null;

    /// <summary>Makes an empty store beside the serving one, to be filled and then promoted or abandoned.</summary>
    NextStore CreateNext(string reason);

    /// <summary>Makes a filled store the serving one; from here on a crash leaves the new one.</summary>
    void Promote(NextStore next);

    /// <summary>Gives up a store that was not promoted, and removes it.</summary>
    void Abandon(NextStore next);

    /// <summary>Lets nothing serve any more, and removes the rows.</summary>
    void Clear();

    /// <summary>Removes what a crash or a cancelled rebuild left; returns the names.</summary>
    IReadOnlyList<string> CleanOrphans();
}

/// <summary>A snapshot whose store copies itself, for a backup.</summary>
public interface ICopiedReader
{
    /// <summary>Copies the store into a folder that is missing or empty; what the copy reflects, and its bytes.</summary>
    (Checkpoint At, long Bytes) CopyTo(string folder);
}
