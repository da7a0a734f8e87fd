using Flume.Log;
using Flume.Query.Json;
using Flume.Ssb.Api;

namespace Flume.Ssb.Reading;

/// <summary>Caches the result of ssb-db's <c>latest</c> until the log changes, as JavaScript does.</summary>
/// <remarks>Immutable: callers share its values, which own their text.</remarks>
internal sealed class LatestFeeds
{
    private readonly Offset _since;
    private readonly long _deletions;

    private LatestFeeds(ApiCall call, ViewRead read, long deletions)
    {
        (_since, _deletions) = (read.Since, deletions);
        List<JsValue> items = [];
        JsObject clock = new();
        foreach (JsValue message in new FeedTable(call.Identity, read.Rows).Newest(call.Cancelled))
        {
            JsValue value = message["value"], sequence = Owned(value["sequence"]);
            items.Add(JsValue.From(new JsObject().Set("id", Owned(value["author"])).Set("sequence", sequence)
                .Set("ts", Owned(value["timestamp"]))));
            if (value["author"].IsString) clock.Set(value["author"].AsString, sequence);
        }
        (Items, Clock) = (items, JsValue.From(clock));
    }

    /// <summary><c>{id, sequence, ts}</c> of every feed, in the order of their first message.</summary>
    internal IReadOnlyList<JsValue> Items { get; }

    /// <summary><c>{feedId: sequence}</c> of every feed.</summary>
    internal JsValue Clock { get; }

    /// <summary>Computes the result from a snapshot of the feeds view.</summary>
    internal static LatestFeeds Of(ApiCall call, ViewRead read)
    {
        long deletions = call.Identity.Log.Deletions;
        Cache cache = call.Identity.Services.Get(static () => new Cache());
        if (cache.Latest is { } known && known._since == read.Since && known._deletions == deletions) return known;
        LatestFeeds fresh = new(call, read, deletions);
        cache.Latest = fresh;
        return fresh;
    }

    private static JsValue Owned(JsValue value) => value.Kind switch
    {
        JsKind.Number => JsValue.From(value.AsNumber),
        JsKind.String => JsValue.From(value.AsString),
        JsKind.Array or JsKind.Object => JsValue.Parse(value.ToJson()),
        _ => value,
    };

    /// <summary>The last result of one identity.</summary>
    private sealed class Cache
    {
        private volatile LatestFeeds? _latest;

        public LatestFeeds? Latest
        {
            get => _latest;
            set => _latest = value;
        }
    }
}
