using Flume.Log.Primitives;
using Flume.Ssb.Messages;
using Flume.Views;
using Flume.Views.Store;

namespace Flume.Ssb.Views.Hashmap;

/// <summary>Finds a message by its key: the card's hashmap, ssb-db's <c>keys</c>.</summary>
public sealed class HashmapView : IView
{
    /// <summary>A = the key's fingerprint; B = 0.</summary>
    internal const byte ByKey = 1;

    /// <inheritdoc/>
    public string Name => "hashmap";

    /// <inheritdoc/>
    public int Version => 1;

    /// <inheritdoc/>
    public void Apply(DecodedMessage message, RowSink rows) => rows.Post(ByKey, Fingerprint.Of(message.Key.Utf8), 0);
}
