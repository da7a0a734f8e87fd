using Flume.Log.Primitives;
using Flume.Query.Json;
using Flume.Query.Tape;
using Flume.Ssb.Messages;
using Flume.Views;
using Flume.Views.Store;

namespace Flume.Ssb.Views.Query;

/// <summary>
/// The indexes for map-filter-reduce queries: the nine of ssb-query (docs/spec 3.7), and two in log order.
/// </summary>
/// <remarks>An index omits messages that lack one of its fields, as in JavaScript.</remarks>
public sealed class QueryView : SsbView
{
    /// <inheritdoc/>
    public override string Name => "query";

    /// <inheritdoc/>
    public override int Version => 3;

    /// <inheritdoc/>
    protected override void Apply(DecodedMessage message, RowSink rows)
    {
        Field received = Field.Of(message.Received, message.Keys.Received);
        Field claimed = Field.Of(message.Claimed, message.Keys.Claimed);
        Field author = Field.Of(message.Author, message.Keys.Author);
        Field type = Field.Of(message.Fields.Type, message.Keys.Type);

        if (received.Has) rows.Post(QueryIndex.Log, 0, received.Key);
        if (author.Has && !message.Sequence.IsUndefined)
            rows.Post(QueryIndex.Clk, author.Key, message.Keys.Sequence);
        PostChannelAndRoot(message, rows, received, claimed);
        rows.Post(QueryIndex.Lor, 0, ResolvedKey(message));
        if (author.Has) rows.Post(QueryIndex.AuthorInLogOrder, author.Key, 0);
        if (!type.Has) return;
        rows.Post(QueryIndex.TypeInLogOrder, type.Key, 0);
        ulong both = author.Has ? Fingerprint.Of(author.Key, type.Key) : 0;
        if (received.Has)
        {
            rows.Post(QueryIndex.Typ, type.Key, received.Key);
            if (author.Has) rows.Post(QueryIndex.Aty, both, received.Key);
        }
        if (claimed.Has)
        {
            rows.Post(QueryIndex.Tya, type.Key, claimed.Key);
            if (author.Has) rows.Post(QueryIndex.Ata, both, claimed.Key);
        }
    }

    /// <summary>
    /// This index has every message, so that its size is their number. A message whose time is an object sorts last.
    /// </summary>
    private static ulong ResolvedKey(DecodedMessage message)
    {
        if (ResolvedTimes.ArePlain(message)) return message.QueryRts is { } rts ? SortKey.Of(rts) : SortKey.Highest;
        return ResolvedTimes.KeyOf(message, ResolvedTimes.OfQuery) ?? SortKey.Highest;
    }

    private static void PostChannelAndRoot(DecodedMessage message, RowSink rows, Field received, Field claimed)
    {
        Field channel = Field.Of(message.Fields.Channel);
        if (channel.Has && received.Has) rows.Post(QueryIndex.Cha, channel.Key, received.Key);
        Field root = Field.Of(message.Fields.Root);
        if (root.Has && claimed.Has) rows.Post(QueryIndex.Art, root.Key, claimed.Key);
    }

    /// <summary>One field of an index key: its presence and its key.</summary>
    private readonly record struct Field(bool Has, ulong Key)
    {
        /// <summary>An index omits objects. Other fields find the record.</summary>
        public static Field Of(TapeValue value, ulong key) =>
            value.Kind is JsKind.Undefined or JsKind.Object ? default : new(true, key);

        public static Field Of(TapeValue value) =>
            value.Kind is JsKind.Undefined or JsKind.Object ? default : new(true, IndexKey.FingerprintOf(value));
    }
}
