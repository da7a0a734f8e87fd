namespace Flume.Views.Store;

/// <summary>Walks postings in the order of an index, or in reverse.</summary>
/// <remarks>
/// 1. It never goes back: what <see cref="MoveNext"/> returned is behind for good. 2. For one thread at a time.
/// </remarks>
public abstract class PostingCursor : IDisposable
{
    /// <summary>The posting that the last successful <see cref="MoveNext"/> moved to.</summary>
    public Posting Current { get; protected set; }

    /// <summary>Moves to the next posting; false at the end.</summary>
    /// <exception cref="StoreDamagedException">A row does not decode.</exception>
    public abstract bool MoveNext();

    /// <summary>
    /// Skips ahead for an intersection: the next <see cref="MoveNext"/> moves to the first posting that is not before
    /// (a, b), in reverse the first not after it. A place that is already behind changes nothing.
    /// </summary>
    public abstract void SeekTo(ulong a, ulong b);

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>The posting that a seek to (a, b) may not pass.</summary>
    protected static Posting SeekTarget(ulong a, ulong b, bool reverse) => new(a, b, reverse ? long.MaxValue : 0);
}
