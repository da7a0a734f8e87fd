using Flume.Log;
using Flume.Views.Store;

namespace Flume.Ssb.Api;

/// <summary>A leased snapshot of one view's rows, with its freshness.</summary>
/// <remarks>
/// 1. All rows of a lease come from one snapshot with the given <see cref="Since"/> (I7).
/// 2. If a rebuild promotes another store, the lease still reads the old one.
/// 3. Reading after disposal is an error.
/// </remarks>
public sealed class ViewRead : IDisposable
{
    /// <summary>Takes ownership of a reader.</summary>
    public ViewRead(IViewReader rows, ViewState state, RebuildInfo? rebuilding = null)
    {
        Rows = rows;
        State = state;
        Rebuilding = rebuilding;
    }

    /// <summary>The rows, valid until disposal. Not thread-safe.</summary>
    public IViewReader Rows { get; }

    /// <summary>The version and since of these rows, read from the same snapshot.</summary>
    public Checkpoint Checkpoint => Rows.Checkpoint;

    /// <summary>The offset of the last entry that the rows reflect. Answers include it.</summary>
    public Offset Since => Checkpoint.Since;

    /// <summary>
    /// The state of the view when the lease was taken. In a state other than live, the rows can be old.
    /// </summary>
    public ViewState State { get; }

    /// <summary>True if the rows can include deleted records. Counts must then read the records.</summary>
    public bool MayHoldDeleted { get; init; }

    /// <summary>The rebuild in progress when the lease was taken, or null.</summary>
    public RebuildInfo? Rebuilding { get; }

    /// <inheritdoc/>
    public void Dispose() => Rows.Dispose();
}
