using Flume.Ssb.Messages;
using Flume.Views;
using Flume.Views.Records;
using Flume.Views.Store;

namespace Flume.Ssb.Views;

/// <summary>A view of SSB messages. It ignores all other records.</summary>
public abstract class SsbView : IView
{
    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public abstract int Version { get; }

    /// <inheritdoc/>
    public void Apply(DecodedRecord message, RowSink rows)
    {
        if (message is DecodedMessage { IsMessage: true } known) Apply(known, rows);
    }

    /// <summary>Writes the rows of one message; <see cref="RowSink.Offset"/> is already set.</summary>
    protected abstract void Apply(DecodedMessage message, RowSink rows);
}
