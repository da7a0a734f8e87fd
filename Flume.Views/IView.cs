using Flume.Views.Records;
using Flume.Views.Store;

namespace Flume.Views;

/// <summary>Defines the rows of one view: a deterministic function from a record to rows.</summary>
/// <remarks>
/// 1. <see cref="Apply"/> depends only on its record: no clock, no random numbers, no earlier record. Rebuilt,
/// incremental and restarted views therefore have the same rows. A rebuild can apply records on all cores in any order.
/// 2. It is total: it never throws and stores what it can read of a record. An exception is a bug of the view and stops
/// only this view at that offset.
/// 3. It is called from several threads concurrently and has no state.
/// </remarks>
public interface IView
{
    /// <summary>The name in routes, metrics and the store's folder. It is lower-case, unique and stable.</summary>
    string Name { get; }

    /// <summary>
    /// Increment it whenever the rows of <see cref="Apply"/> change. Stored rows of another version are rebuilt.
    /// </summary>
    int Version { get; }

    /// <summary>Writes the rows of <paramref name="message"/>. <see cref="RowSink.Offset"/> is already set.</summary>
    void Apply(DecodedRecord message, RowSink rows);
}
