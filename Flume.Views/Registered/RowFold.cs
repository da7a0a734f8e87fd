using Flume.Views.Records;
using Flume.Views.Store;

namespace Flume.Views.Registered;

/// <summary>A view that folds records into rows of earlier ones.</summary>
internal interface IReducingView : ISequentialView
{
    /// <summary>Starts where the store's rows end.</summary>
    RowFold Over(IViewStore store);
}

/// <summary>The rows of a folded view on their way from one commit to the next.</summary>
/// <remarks>For one thread. An error leaves it useless: the next one starts from what is committed.</remarks>
internal abstract class RowFold
{
    /// <summary>Takes the next record.</summary>
    /// <exception cref="ViewLimitException">Its rows would take more than they may.</exception>
    public abstract void Apply(DecodedRecord message, long offset);

    /// <summary>
    /// Writes what changed since the last time; the caller commits it, with the since of the last record.
    /// </summary>
    public abstract void WriteTo(RowSink rows);
}
