using Flume.Log;
using Flume.Views.Store;

namespace Flume.Ssb.Api;

/// <summary>A leased snapshot of one view's rows, with what its answer is worth.</summary>
/// <remarks>
/// 1. All rows read through one lease are of one moment, the one that <see cref="Since"/> names (I7).
/// 2. A rebuild may swap the view's store meanwhile: this lease goes on reading the old one.
/// 3. Reading after disposing is an error.
/// </remarks>
public sealed class ViewRead : IDisposable
{
    /// <summary>Takes over a reader; disposing this disposes it.</summary>
    public ViewRead(IViewReader rows, ViewState state, RebuildInfo? rebuilding = null)
    {
        Rows = rows;
        State = state;
        Rebuilding = rebuilding;
    }

    /// <summary>The rows, valid until this is disposed; for one thread at a time.</summary>
    public IViewReader Rows { get; }

    /// <summary>The version and since of these rows, read from the same snapshot.</summary>
    public Checkpoint Checkpoint => Rows.Checkpoint;

    /// <summary>The last entry that these rows reflect (inclusive): it belongs into the answer.</summary>
    public Offset Since => Checkpoint.Since;

    /// <summary>
    /// What the view was doing when the lease was taken; other than live means these rows may be old.
    /// </summary>
    public ViewState State { get; }

    /// <summary>True when rows of deleted records may be among these: count the records then, not the rows.</summary>
    public bool MayHoldDeleted { get; init; }

    /// <summary>The rebuild under way when the lease was taken, or null.</summary>
    public RebuildInfo? Rebuilding { get; }

    /// <inheritdoc/>
    public void Dispose() => Rows.Dispose();
}
