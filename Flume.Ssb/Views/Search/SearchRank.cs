using System.Text;
using Flume.Query.Json;
using Flume.Ssb.Messages;
using Flume.Ssb.Reading;

namespace Flume.Ssb.Views.Search;

/// <summary>
/// Orders search hits by the number of links from other hits, then by claimed time, newest first (npm ssb-search 1.3).
/// </summary>
internal sealed class SearchRank
{
    private readonly Dictionary<string, Hit> _hits = new(StringComparer.Ordinal);

    private readonly record struct Hit(JsValue Message, double Claimed, List<string> Links);

    /// <summary>Adds a hit. A later message with the same key replaces it.</summary>
    internal void Add(JsValue message, DecodedMessage decoded)
    {
        List<string> links = [];
        foreach (FieldLink link in decoded.ContentLinks)
        {
            if (MessageLinks.Holds(decoded.ContentLinkFields, link)) links.Add(Encoding.UTF8.GetString(link.Dest.Utf8));
        }
        double claimed = decoded.Claimed.IsNumber
            ? decoded.Claimed.Number
            : JsCoercion.ToNumber(decoded.Claimed.ToJsValue());
        _hits[Encoding.UTF8.GetString(decoded.Key.Utf8)] = new Hit(message, claimed, links);
    }

    /// <summary>Items <c>{key, value, rank}</c>. Hits without links have no rank.</summary>
    internal IEnumerable<JsValue> Order(JsValue limit)
    {
        Dictionary<string, int> ranks = new(StringComparer.Ordinal);
        foreach (Hit hit in _hits.Values)
        {
            foreach (string to in hit.Links)
            {
                if (_hits.ContainsKey(to)) ranks[to] = ranks.GetValueOrDefault(to) + 1;
            }
        }
        IEnumerable<KeyValuePair<string, Hit>> ordered = _hits
            .OrderByDescending(hit => ranks.GetValueOrDefault(hit.Key))
            .ThenByDescending(hit => hit.Value.Claimed);
        if (limit.IsNumber && limit.AsNumber > 0) ordered = ordered.Take((int)Math.Min(limit.AsNumber, int.MaxValue));
        foreach ((string key, Hit hit) in ordered)
        {
            JsObject item = new JsObject().Set("key", JsValue.From(key)).Set("value", hit.Message["value"]);
            if (ranks.TryGetValue(key, out int rank)) item.Set("rank", JsValue.From(rank));
            yield return JsValue.From(item);
        }
    }
}
