using Flume.Log.Primitives;
using Flume.Ssb.Messages;
using Flume.Views;
using Flume.Views.Store;

namespace Flume.Ssb.Views.Hashmap;

/// <summary>Finds a message by its key, as ssb-db's <c>keys</c>.</summary>
public sealed class HashmapView : SsbView
{
    /// <summary>A = the key's fingerprint; B = 0.</summary>
    internal const byte ByKey = 1;

    /// <inheritdoc/>
    public override string Name => "hashmap";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <inheritdoc/>
    protected override void Apply(DecodedMessage message, RowSink rows) =>
        rows.Post(ByKey, Fingerprint.Of(message.Key.Utf8), 0);
}
