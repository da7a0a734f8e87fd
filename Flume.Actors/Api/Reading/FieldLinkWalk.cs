using Flume.Codec.Json;
using Flume.Primitives;

namespace Flume.Api.Reading;

/// <summary>One link from a top-level content field: which field, and the object that holds <c>link</c>.</summary>
internal readonly record struct FieldLink(string Field, string Dest, JsValue Object);

/// <summary>The links in a message's top-level content fields, for answers (spec.md 3.4).</summary>
/// <remarks>
/// Source: npm ssb-msgs <c>indexLinks</c>, duck-typing included: a content that itself holds a typed <c>content</c> (or
/// <c>value.content</c>) is walked there. Where JavaScript throws (<c>[null]</c>), the item is passed over.
/// </remarks>
internal static class FieldLinkWalk
{
    /// <summary>The links of <paramref name="content"/>, in field order.</summary>
    internal static IEnumerable<FieldLink> Of(JsValue content)
    {
        content = Typed(content);
        if (!content.IsObject) yield break;
        foreach ((string field, JsValue value) in content.AsObject)
        {
            if (!value.IsTruthy) continue;
            foreach (JsValue item in Items(value))
            {
                JsValue link = item.IsString ? item : item["link"];
                if (link.IsString && Ref.IsLink(link.AsString)) yield return new FieldLink(field, link.AsString, item);
            }
        }
    }

    private static JsValue Typed(JsValue content)
    {
        JsValue inner = content["value"]["content"];
        if (inner["type"].IsTruthy) return inner;
        inner = content["content"];
        return inner["type"].IsTruthy ? inner : content;
    }

    private static IEnumerable<JsValue> Items(JsValue value)
    {
        if (value.IsArray) return value.AsArray;
        if (!value.IsObject || !value["0"].IsTruthy) return [value];
        List<JsValue> items = [];
        for (int i = 0; value[i.ToString(System.Globalization.CultureInfo.InvariantCulture)] is { IsTruthy: true } item; i++)
            items.Add(item);
        return items;
    }
}
