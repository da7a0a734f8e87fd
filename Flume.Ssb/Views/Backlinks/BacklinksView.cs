using Flume.Log.Primitives;
using Flume.Query.Json;
using Flume.Ssb.Messages;
using Flume.Ssb.Views.Query;
using Flume.Views;
using Flume.Views.Store;

namespace Flume.Ssb.Views.Backlinks;

/// <summary>
/// Every message that mentions an id or a hashtag anywhere in its content: ssb-backlinks (docs/spec 3.3).
/// </summary>
public sealed class BacklinksView : SsbView
{
    /// <summary>DTS: A = dest; B = the received timestamp.</summary>
    internal const byte ByReceived = 1;

    /// <summary>DTA: A = dest; B = rts, the asserted time.</summary>
    internal const byte ByAsserted = 2;

    /// <summary>TDT: A = content.type and dest; B = rts.</summary>
    internal const byte ByType = 3;

    /// <inheritdoc/>
    public override string Name => "backlinks";

    /// <inheritdoc/>
    public override int Version => 4;

    /// <inheritdoc/>
    protected override void Apply(DecodedMessage message, RowSink rows)
    {
        LinkSet links = message.Backlinks;
        if (links.Count == 0) return;
        ulong received = message.Keys.Received;
        ulong asserted = AssertedKey(message);
        bool timed = message.Received.Kind is not (JsKind.Undefined or JsKind.Object);
        bool typed = message.Fields.Type.Kind is not (JsKind.Undefined or JsKind.Object);
        ulong kind = typed ? message.Keys.Type : 0;
        for (int i = 0; i < links.Count; i++)
        {
            ulong dest = links.Fingerprint(i);
            if (timed) rows.Post(ByReceived, dest, received);
            rows.Post(ByAsserted, dest, asserted);
            if (typed) rows.Post(ByType, Fingerprint.Of(kind, dest), asserted);
        }
    }

    /// <summary>The sort key of rts. A message without rts sorts last.</summary>
    internal static ulong AssertedKey(DecodedMessage message)
    {
        if (ResolvedTimes.ArePlain(message)) return message.LinkRts is { } rts ? SortKey.Of(rts) : SortKey.Highest;
        return ResolvedTimes.KeyOf(message, ResolvedTimes.OfLinks) ?? SortKey.Highest;
    }
}
