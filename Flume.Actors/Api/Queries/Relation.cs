using Flume.Api.Reading;
using Flume.Codec.Json;
using Flume.Primitives;

namespace Flume.Api.Queries;

/// <summary>
/// What a link means, as ssb-links indexes it: the field, and what of the link object tells more (spec.md 3.5).
/// </summary>
internal static class Relation
{
    /// <summary>The relation of a link in <paramref name="content"/>; members that are objects are JSON text.</summary>
    internal static JsArray Of(FieldLink link, JsValue content)
    {
        JsValue of = link.Object.IsObject ? link.Object : JsValue.Undefined;
        return link.Field switch
        {
            "vote" => Made("vote", of["value"]),
            "flag" => Made("flag", of["reason"]),
            "mentions" => Mention(link, of),
            "about" when content["name"].IsString => Made("about", content["name"]),
            "image" => Made("image", of["type"], of["size"]),
            "contact" => Made("contact", content["following"], content["blocking"]),
            _ => Made(link.Field),
        };
    }

    private static JsArray Mention(FieldLink link, JsValue of) => link.Dest[0] switch
    {
        '@' => Made("mentions", JsValue.From(
            "@" + (of["name"].IsString ? LowerCase.Of(of["name"].AsString) : ""))),
        '&' => Made("mentions", of["filename"].IsTruthy ? of["filename"] : of["name"], of["size"]),
        _ => Made("mentions"),
    };

    private static JsArray Made(string field, params ReadOnlySpan<JsValue> more)
    {
        JsArray relation = new JsArray().Add(JsValue.From(field));
        foreach (JsValue part in more) relation.Add(Flat(part));
        return relation;
    }

    private static JsValue Flat(JsValue value)
    {
        if (value.IsArray) return JsValue.From(new JsArray(value.AsArray.Select(Flat)));
        return value.IsObject ? JsValue.From(value.ToJson()) : value;
    }
}
