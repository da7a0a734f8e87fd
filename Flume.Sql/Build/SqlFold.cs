using Flume.Sql.Store;
using Flume.Ssb.Messages;
using Flume.Views.Records;
using Flume.Views.Registered;
using Flume.Views.Store;

namespace Flume.Sql.Build;

/// <summary>Adds messages to a file as the engine's steps give them; the engine's commit ends each step.</summary>
internal sealed class SqlFold : RowFold
{
    private readonly SqlViewStore _store;

    internal SqlFold(SqlViewStore store) => _store = store;

    /// <inheritdoc/>
    public override void Apply(DecodedRecord message, long offset) => _store.Apply(message);

    /// <inheritdoc/>
    public override void WriteTo(RowSink rows)
    {
        // The rows are in the file's open transaction already.
    }
}
