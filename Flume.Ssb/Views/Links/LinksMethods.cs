using System.Text;
using Flume.Log;
using Flume.Query.Json;
using Flume.Ssb.Api;
using Flume.Ssb.Reading;
using Flume.Views.Store;

namespace Flume.Ssb.Views.Links;

/// <summary>The ssb-db methods of the links view: messages by type, and links by source, dest and field.</summary>
internal static class LinksMethods
{
    private const string View = "links";
    private const int LinksMax = 2_000_000;

    internal static IEnumerable<ApiMethod> All =>
    [
        ApiMethod.Source("messagesByType", Scope.Read, View,
            "type | {type, gt, gte, lt, lte: received time, reverse, limit, live, old, keys, values, private}.",
            ByType),
        ApiMethod.Source("links", Scope.Read, View,
            "{source, dest, rel, keys=true, meta=true, values=false, reverse, live, old, sync}: links between ids.",
            Links),
    ];

    private static IAsyncEnumerable<JsValue> ByType(ApiCall call)
    {
        Parameters.Require(call, "string|messagesByTypeOpts");
        JsValue given = call.Arg(0);
        JsValue type = given.IsString ? given : given["type"];
        if (!type.IsString) return AsyncEnumerable.Empty<JsValue>();
        StreamOptions options = StreamOptions.Parse(given.IsString ? JsValue.Undefined : given);
        Bounds bounds = options.Bounds;
        StreamPlan plan = new(View, LinksView.ByType,
            PostingRange.Exact(Candidates.Print(type.AsString), bounds.LowKey, bounds.HighKey),
            message => HasType(message, type.AsString) && bounds.Contains(message["timestamp"]))
        {
            Format = MessageFormat.For(options),
            Proof = Encoding.UTF8.GetBytes($"\"type\":{type.ToJson()}"),
        };
        return MessageStream.Run(call, plan, options);
    }

    private static bool HasType(JsValue message, string type)
    {
        JsValue actual = message["value"]["content"]["type"];
        return actual.IsString && actual.AsString.AsSpan(0, Math.Min(32, actual.AsString.Length)).SequenceEqual(type);
    }

    private static async IAsyncEnumerable<JsValue> Links(ApiCall call)
    {
        LinkQuery query = LinkQuery.Parse(call);
        Offset since;
        using (ViewRead read = await call.ReadAsync(View).ConfigureAwait(false))
        {
            since = call.LiveAfter(read.Since, query.Old);
            if (query.Old)
            {
                foreach (JsValue item in Stored(call, query, read)) yield return item;
            }
        }
        if (!query.Live) yield break;
        if (query is { Old: true, Sync: true }) yield return JsValue.From(new JsObject().Set("sync", JsValue.True));
        MessageReader reader = new(call.Identity);
        await foreach (Offset offset in LiveOffsets.After(call, since).ConfigureAwait(false))
        {
            if (!reader.TryOpened(offset, out JsValue message)) continue;
            foreach (LinkItem item in query.Matching(message)) yield return query.Format(item);
        }
    }

    private static IEnumerable<JsValue> Stored(ApiCall call, LinkQuery query, ViewRead read)
    {
        List<(byte[] Key, LinkItem Item)> items = [];
        HashSet<Offset> seen = [];
        (byte index, PostingRange range) = query.Postings;
        foreach ((Offset offset, JsValue message) in new Candidates(call, read.Rows).Read(index, range))
        {
            if (!seen.Add(offset)) continue;
            List<LinkItem> matching = query.Matching(message);
            foreach (LinkItem item in matching.Count > 1 ? matching.Distinct() : matching)
                items.Add((query.KeyOf(item), item));
            if (items.Count > LinksMax)
                throw ApiException.Error($"links found more than {LinksMax} links. Narrow it by source, dest or rel.");
        }
        items.Sort(static (a, b) => a.Key.AsSpan().SequenceCompareTo(b.Key));
        if (query.Reverse) items.Reverse();
        return items.Select(item => query.Format(item.Item));
    }
}
