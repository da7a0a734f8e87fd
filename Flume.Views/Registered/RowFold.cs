using Flume.Views.Records;
using Flume.Views.Store;

namespace Flume.Views.Registered;

/// <summary>A view that reduces records into existing rows.</summary>
internal interface IReducingView : ISequentialView
{
    /// <summary>Creates a fold that resumes from the store's rows.</summary>
    RowFold Over(IViewStore store);
}

/// <summary>The uncommitted row changes of a reducing view.</summary>
/// <remarks>Not thread-safe. After an error it is unusable; a new fold resumes from the committed rows.</remarks>
internal abstract class RowFold
{
    /// <summary>Applies the next record.</summary>
    /// <exception cref="ViewLimitException">The rows exceed a limit.</exception>
    public abstract void Apply(DecodedRecord message, long offset);

    /// <summary>
    /// Writes the changes since the last call. The caller commits them with the since of the last record.
    /// </summary>
    public abstract void WriteTo(RowSink rows);
}
