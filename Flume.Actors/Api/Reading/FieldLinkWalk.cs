using Flume.Codec.Json;
using Flume.Primitives;

namespace Flume.Api.Reading;

/// <summary>One link from a top-level content field: which field, and the object that holds <c>link</c>.</summary>
internal readonly record struct FieldLink(string Field, string Dest, JsValue Object);

/// <summary>The links in a message's top-level content fields, for answers (spec.md 3.4).</summary>
/// <remarks>
/// Source: npm ssb-msgs <c>indexLinks</c>, duck-typing included. Where JavaScript throws (<c>[null]</c>), the item is
/// passed over.
/// </remarks>
internal static class FieldLinkWalk
{
    /// <summary>
    /// The links of a content, as ssb-db asks; a content that itself holds a typed one is walked there.
    /// </summary>
    internal static IEnumerable<FieldLink> OfContent(JsValue content)
    {
        JsValue wrapped = content["value"]["content"], inner = content["content"];
        return Walk(wrapped["type"].IsTruthy ? wrapped : inner["type"].IsTruthy ? inner : content);
    }

    /// <summary>
    /// The links of a message's value, as ssb-links asks: of a content without type, the value's own fields.
    /// </summary>
    internal static IEnumerable<FieldLink> OfValue(JsValue value) =>
        Walk(value["content"]["type"].IsTruthy ? value["content"] : value);

    private static IEnumerable<FieldLink> Walk(JsValue fields)
    {
        foreach ((string field, JsValue value) in Fields(fields))
        {
            if (!value.IsTruthy) continue;
            foreach (JsValue item in Items(value))
            {
                JsValue link = item.IsString ? item : item["link"];
                if (!link.IsString || !MayBeLink(link)) continue;
                string dest = link.AsString;
                if (Ref.IsLink(dest)) yield return new FieldLink(field, dest, item);
            }
        }
    }

    /// <summary>The members of an object, or the items of an array by their places.</summary>
    private static IEnumerable<KeyValuePair<string, JsValue>> Fields(JsValue fields) =>
        fields.IsObject ? fields.AsObject
        : fields.IsArray ? fields.AsArray.Select(static (item, place) => KeyValuePair.Create(Name(place), item))
        : [];

    private static string Name(int place) => place.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>False for a text whose first letter shows that it is no link: most are long, and need not be decoded.</summary>
    private static bool MayBeLink(JsValue text) => !text.TryGetRaw(out ReadOnlyMemory<byte> raw)
        || raw.Span[1] is (byte)'@' or (byte)'%' or (byte)'&' or (byte)'\\';

    private static IEnumerable<JsValue> Items(JsValue value)
    {
        if (value.IsArray) return value.AsArray;
        if (!value.IsObject || !value["0"].IsTruthy) return [value];
        List<JsValue> items = [];
        for (int i = 0; value[Name(i)] is { IsTruthy: true } item; i++)
            items.Add(item);
        return items;
    }
}
