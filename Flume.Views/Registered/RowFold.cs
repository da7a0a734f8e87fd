using Flume.Views.Records;
using Flume.Views.Store;

namespace Flume.Views.Registered;

/// <summary>A view whose <see cref="RowFold"/> combines each record with the rows of earlier records.</summary>
public interface IReducingView : ISequentialView
{
    /// <summary>Creates a fold that resumes from the store's rows.</summary>
    RowFold Over(IViewStore store);
}

/// <summary>The rows of a folded view between commits.</summary>
/// <remarks>Not thread-safe. After an error the fold is invalid. A new fold starts from the committed rows.</remarks>
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
