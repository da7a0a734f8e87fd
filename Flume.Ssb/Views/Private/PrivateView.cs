using Flume.Log.Primitives;
using Flume.Query.Json;
using Flume.Ssb.Messages;
using Flume.Views;
using Flume.Views.Store;

namespace Flume.Ssb.Views.Private;

/// <summary>The private messages that this identity can decrypt: <c>private.read</c> (docs/spec 3.10).</summary>
public sealed class PrivateView : SsbView
{
    /// <summary>A = 0; B = the received timestamp.</summary>
    internal const byte ByReceived = 1;

    /// <summary>A = author and content.type; B = the received timestamp.</summary>
    internal const byte ByAuthorAndType = 2;

    /// <inheritdoc/>
    public override string Name => "private";

    /// <inheritdoc/>
    public override int Version => 1;

    /// <inheritdoc/>
    protected override void Apply(DecodedMessage message, RowSink rows)
    {
        if (!message.IsPrivate || message.Received.IsUndefined) return;
        ulong received = message.Keys.Received;
        rows.Post(ByReceived, 0, received);
        if (message.Fields.Type.Kind is JsKind.Undefined or JsKind.Object) return;
        rows.Post(ByAuthorAndType, Fingerprint.Of(message.Keys.Author, message.Keys.Type), received);
    }
}
