using Flume.Codec.Json;
using Flume.Codec.Tape;
using Flume.Primitives;
using Flume.Store;

namespace Flume.Views.Query;

/// <summary>The indexes that map-filter-reduce queries choose from: ssb-query's nine (spec.md 3.7), and two in log order.</summary>
/// <remarks>A message that lacks a field of an index is absent from that index, as in JavaScript.</remarks>
public sealed class QueryView : IView
{
    /// <inheritdoc/>
    public string Name => "query";

    /// <inheritdoc/>
    public int Version => 2;

    /// <inheritdoc/>
    public void Apply(DecodedMessage message, RowSink rows)
    {
        Field received = Field.Time(message, message.Received);
        Field claimed = Field.Time(message, message.Claimed);
        Field author = Field.Exact(message, message.Author);
        Field type = Content(message, "type"u8);

        if (received.Has) rows.Post(QueryIndex.Log, 0, received.Key);
        if (author.Has && !message.Sequence.IsUndefined)
            rows.Post(QueryIndex.Clk, author.Key, IndexKey.SortKeyOf(message.Sequence));
        PostChannelAndRoot(message, rows, received, claimed);
        if (ResolvedKey(message) is { } rts) rows.Post(QueryIndex.Lor, 0, rts);
        if (author.Has) rows.Post(QueryIndex.AuthorInLogOrder, author.Key, 0);
        if (!type.Has) return;
        rows.Post(QueryIndex.TypeInLogOrder, type.Key, 0);
        ulong both = Fingerprint.Of(author.Key, type.Key);
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

    private static ulong? ResolvedKey(DecodedMessage message)
    {
        if (ResolvedTimes.ArePlain(message)) return message.QueryRts is { } rts ? SortKey.Of(rts) : null;
        return message.Received.IsUndefined ? null : ResolvedTimes.KeyOf(message, ResolvedTimes.OfQuery);
    }

    private static void PostChannelAndRoot(DecodedMessage message, RowSink rows, Field received, Field claimed)
    {
        Field channel = Content(message, "channel"u8);
        if (channel.Has && received.Has) rows.Post(QueryIndex.Cha, channel.Key, received.Key);
        Field root = Content(message, "root"u8);
        if (root.Has && claimed.Has) rows.Post(QueryIndex.Art, root.Key, claimed.Key);
    }

    private static Field Content(DecodedMessage message, ReadOnlySpan<byte> name) =>
        message.TryContent(name, out TapeValue value) ? Field.Exact(message, value) : default;

    /// <summary>One field of an index key: there or not, and its key when it is.</summary>
    private readonly record struct Field(bool Has, ulong Key)
    {
        /// <summary>Objects have no place in an index: the record is found through its other fields.</summary>
        public static Field Exact(DecodedMessage message, TapeValue value) =>
            !value.IsUndefined && value.Kind != JsKind.Object ? new(true, IndexKey.FingerprintOf(value)) : default;

        public static Field Time(DecodedMessage message, TapeValue value) =>
            !value.IsUndefined && value.Kind != JsKind.Object ? new(true, IndexKey.SortKeyOf(value)) : default;
    }
}
