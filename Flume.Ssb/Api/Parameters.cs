using Flume.Query.Json;
using Flume.Ssb.Messages;

namespace Flume.Ssb.Api;

/// <summary>Checks a call's parameters with the exact texts of ssb-db's validators, including "must by".</summary>
/// <remarks>Source: npm ssb-db <c>lib/validators</c> and muxrpc-validation; docs/spec 3.2.</remarks>
internal static class Parameters
{
    /// <summary>The error of a value at a position, or null.</summary>
    internal delegate ApiException? Check(JsValue value, int place);

    /// <summary>
    /// Types follow JavaScript's conversions. Every value except a boolean equals its text, so it is a string.
    /// <c>true</c>, "5" and [5] equal a number, so they are numbers.
    /// </summary>
    private static readonly Dictionary<string, Check> Checks = new(StringComparer.Ordinal)
    {
        ["string"] = static (value, place) => value.IsBoolean ? Type(place, "string") : null,
        ["number"] = static (value, place) => double.IsNaN(JsCoercion.ToNumber(value)) ? Type(place, "number") : null,
        ["boolean"] = static (value, place) => value.IsBoolean ? null : Type(place, "boolean"),
        ["object"] = static (value, place) => HasMembers(value) ? null : Type(place, "object"),
        ["feedId"] = static (value, place) => IsFeed(value) ? null : Type(place, "feedId"),
        ["msgLink"] = static (value, place) =>
            value.IsString && IsMessageLink(value.AsString) ? null : Type(place, "msgLink"),
        ["msgContent"] = Content,
        ["msg"] = static (value, place) =>
            HasMembers(value) ? MessageParameter.Check(value, place) : Type(place, "msg"),
        ["readStreamOpts"] = static (value, place) => ReadStream(value, place, "readStreamOpts"),
        ["createUserStreamOpts"] = static (value, place) =>
            ReadStream(value, place, "createUserStreamOpts") ?? HasFeed(value, place),
        ["createHistoryStreamOpts"] = static (value, place) => HasFeed(value, place)
            ?? Attributes(value, place, ("seq", "number"), ("live", "boolean"), ("limit", "number"),
                ("keys", "boolean"), ("values", "boolean")),
        ["messagesByTypeOpts"] = static (value, place) => ReadStream(value, place, "messagesByTypeOpts")
            ?? (value["type"].IsString ? null : Missing(place, "type", "string")),
        ["linksOpts"] = Links,
    };

    /// <summary>The first error of the parameters for a form; null if the call has that form.</summary>
    internal static ApiException? Misfit(ApiCall call, params ReadOnlySpan<string> tokens)
    {
        for (int place = 0; place < tokens.Length; place++)
        {
            if (Wrong(call.Arg(place), place, tokens[place]) is { } error) return error;
        }
        return null;
    }

    /// <summary>
    /// Checks each argument against one token: type names joined by <c>|</c>, with <c>?</c> for optional.
    /// </summary>
    /// <exception cref="ApiException">The first argument that does not match.</exception>
    internal static void Require(ApiCall call, params ReadOnlySpan<string> tokens)
    {
        if (Misfit(call, tokens) is { } error) throw error;
    }

    /// <summary>A parameter object lacks an attribute, or the attribute has another type.</summary>
    internal static ApiException Missing(int place, string name, string type) =>
        new("UsageError", $"Param {Place(place)} must have a .{name} of type \"{type}\"");

    /// <summary>True for a feed id.</summary>
    internal static bool IsFeed(JsValue value) => value.IsString && Ref.IsFeed(value.AsString);

    private static bool IsMessageLink(string text) =>
        Ref.IsMessage(text) || (Ref.TryParseLink(text, out string id, out _) && Ref.IsMessage(id));

    private static ApiException? Wrong(JsValue value, int place, string token)
    {
        ApiException? error = null;
        foreach (string alternative in token.Split('|'))
        {
            bool optional = alternative.EndsWith('?');
            if (!value.IsTruthy)
                return optional ? null : new ApiException("UsageError", $"Param {place} is required");
            error = Checks[alternative.TrimEnd('?')](value, place);
            if (error is null) return null;
        }
        return error;
    }

    private static ApiException Type(int place, string type) =>
        new("TypeError", $"Param {Place(place)} must by of type {type}");

    private static ApiException Attribute(int place, string name, string type) =>
        new("UsageError", $".{name} of param {Place(place)} must be of type \"{type}\"");

    private static string Place(int place) => place.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static bool HasMembers(JsValue value) => value.IsObject || value.IsArray;

    private static ApiException? Content(JsValue value, int place) =>
        !HasMembers(value) ? Type(place, "msgContent")
        : value["type"].IsString && value["type"].IsTruthy ? null : Missing(place, "type", "string");

    private static ApiException? HasFeed(JsValue value, int place) =>
        IsFeed(value["id"]) ? null : Missing(place, "id", "feedId");

    private static ApiException? ReadStream(JsValue value, int place, string name) =>
        !HasMembers(value) ? Type(place, name)
        : Attributes(value, place, ("live", "boolean"), ("reverse", "boolean"), ("keys", "boolean"),
            ("values", "boolean"), ("limit", "number"), ("fillCache", "boolean"));

    private static ApiException? Links(JsValue value, int place)
    {
        if (!HasMembers(value)) return Type(place, "linksOpts");
        if (!IsLinkOrFilter(value["source"])) return Attribute(place, "source", "id|filter");
        if (!IsLinkOrFilter(value["dest"])) return Attribute(place, "dest", "id|filter");
        if (value["rel"].IsTruthy && !value["rel"].IsString) return Attribute(place, "rel", "string");
        return Attributes(value, place, ("live", "boolean"), ("reverse", "boolean"), ("keys", "boolean"),
            ("values", "boolean"));
    }

    private static bool IsLinkOrFilter(JsValue value) =>
        !value.IsTruthy
        || (value.IsString && (value.AsString is "@" or "%" or "&" or "feed" or "msg" or "blob"
            || Ref.IsLink(value.AsString)));

    private static ApiException? Attributes(
        JsValue value, int place, params ReadOnlySpan<(string Name, string Type)> attributes)
    {
        foreach ((string name, string type) in attributes)
        {
            JsValue attribute = value[name];
            bool fits = !attribute.IsTruthy || attribute.IsNumber || (attribute.IsBoolean && type == "boolean");
            if (!fits) return Attribute(place, name, type);
        }
        return null;
    }
}
