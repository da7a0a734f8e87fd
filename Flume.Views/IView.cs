using Flume.Views.Records;
using Flume.Views.Store;

namespace Flume.Views;

/// <summary>What one view stores: a deterministic function from a message to rows.</summary>
/// <remarks>
/// 1. <see cref="Apply"/> depends on the message alone: no clock, no random, no earlier message. Rebuilt, incremental
/// and restarted views then hold the same rows, and a rebuild may apply records on all cores in any order.
/// 2. It is total: whatever a message holds, it stores what it can and never throws. A throw is a bug of the view, and
/// stops this view (not others) at that offset.
/// 3. It is called from several threads at once and keeps no state.
/// </remarks>
public interface IView
{
    /// <summary>The name in routes, metrics and the store's folder: lower-case, unique, stable.</summary>
    string Name { get; }

    /// <summary>
    /// Raise it whenever <see cref="Apply"/> stores something else: a stored view of another version is rebuilt.
    /// </summary>
    int Version { get; }

    /// <summary>
    /// Writes the rows that <paramref name="message"/> means; <see cref="RowSink.Offset"/> is already set.
    /// </summary>
    void Apply(DecodedRecord message, RowSink rows);
}
