using Flume.Api.Reading;
using Flume.Codec.Json;

namespace Flume.Api.Methods;

/// <summary>
/// Orders search hits: by links from the other hits, then by claimed time, newest first (npm ssb-search 1.3).
/// </summary>
internal static class SearchRank
{
    /// <summary>Items <c>{key, value, rank}</c>; rank is absent when nothing links there.</summary>
    internal static IEnumerable<JsValue> Order(Dictionary<string, JsValue> hits, JsValue limit)
    {
        Dictionary<string, int> links = new(StringComparer.Ordinal);
        foreach (JsValue value in hits.Values)
        {
            foreach (FieldLink link in FieldLinkWalk.OfContent(value["content"]))
            {
                if (hits.ContainsKey(link.Dest)) links[link.Dest] = links.GetValueOrDefault(link.Dest) + 1;
            }
        }
        IEnumerable<KeyValuePair<string, JsValue>> ordered = hits
            .OrderByDescending(hit => links.GetValueOrDefault(hit.Key))
            .ThenByDescending(hit => JsCoercion.ToNumber(hit.Value["timestamp"]));
        if (limit.IsNumber && limit.AsNumber > 0) ordered = ordered.Take((int)Math.Min(limit.AsNumber, int.MaxValue));
        foreach ((string key, JsValue value) in ordered)
        {
            JsObject item = new JsObject().Set("key", JsValue.From(key)).Set("value", value);
            if (links.TryGetValue(key, out int rank)) item.Set("rank", JsValue.From(rank));
            yield return JsValue.From(item);
        }
    }
}
