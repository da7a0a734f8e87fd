using Flume.Views.Records;
using Flume.Views.Store;

namespace Flume.Views.Registered;

/// <summary>A view that folds records into rows of earlier ones.</summary>
public interface IReducingView : ISequentialView
{
    /// <summary>Creates a fold that resumes from the store's rows.</summary>
    RowFold Over(IViewStore store);
}

/// <summary>The rows of a folded view on their way from one commit to the next.</summary>
/// <remarks>For one thread. An error leaves it useless: the next one starts from what is committed.</remarks>
public abstract class RowFold
{
    /// <summary>Applies the next record.</summary>
    /// <exception cref="ViewLimitException">The rows exceed a limit.</exception>
    public abstract void Apply(DecodedRecord message, long offset);

    /// <summary>
    /// Writes the changes since the last call. The caller commits them with the since of the last record.
    /// </summary>
    public abstract void WriteTo(RowSink rows);
}
