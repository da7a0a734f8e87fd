namespace Flume.Views.Store;

/// <summary>A cursor over postings in index order, or in reverse.</summary>
/// <remarks>The cursor only moves forward: it never returns a posting again. Not thread-safe.</remarks>
public abstract class PostingCursor : IDisposable
{
    /// <summary>The posting of the last successful <see cref="MoveNext"/>.</summary>
    public Posting Current { get; protected set; }

    /// <summary>Moves to the next posting. False at the end.</summary>
    /// <exception cref="StoreDamagedException">A row does not decode.</exception>
    public abstract bool MoveNext();

    /// <summary>
    /// Skips ahead for an intersection. The next <see cref="MoveNext"/> moves to the first posting at or after (a,
    /// b), in reverse at or before it. A target that the cursor has already passed has no effect.
    /// </summary>
    public abstract void SeekTo(ulong a, ulong b);

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>The posting that a seek to (a, b) must not skip.</summary>
    protected static Posting SeekTarget(ulong a, ulong b, bool reverse) => new(a, b, reverse ? long.MaxValue : 0);
}
