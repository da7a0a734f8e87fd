using Flume.Query.Json;

namespace Flume.Query.MapFilterReduce.Planning;

/// <summary>The bounds of an index for a filter, in the form of JavaScript's selector (docs/spec 4.6).</summary>
/// <remarks>
/// Both bounds are inclusive; null means the start of a field and undefined its end. If JavaScript's bounds would lose
/// results or cannot be encoded (<c>$eq</c>, a <c>$prefix</c> that is an array), the bounds are the intended ones.
/// </remarks>
internal static class IndexBounds
{
    /// <summary>The bounds of one field: null to undefined if the filter does not restrict it.</summary>
    public static (JsValue Lower, JsValue Upper) Of(in JsValue filter, FieldPath field)
    {
        if (!Exactness.TryGet(filter, field, out JsValue said) || said.IsNullish) return Open;
        if (Exactness.IsRange(said)) return (OrNull(Lower(said)), OrUndefined(Upper(said)));
        if (!Exactness.IsExact(said)) return Open;
        JsValue value = Exact(said);
        return value.IsNull || !CanBeKey(value) ? Open : (value, value);
    }

    /// <summary>
    /// The bounds of an index over all its fields; <paramref name="withOffset"/> adds the offset.
    /// </summary>
    public static (JsArray Gte, JsArray Lte) Of(in JsValue filter, IndexDefinition index, bool withOffset)
    {
        JsArray gte = new(), lte = new();
        foreach (FieldPath field in index.Fields)
        {
            (JsValue lower, JsValue upper) = Of(filter, field);
            gte.Add(lower);
            lte.Add(upper);
        }

        return withOffset ? (gte.Add(JsValue.Null), lte.Add(JsValue.Undefined)) : (gte, lte);
    }

    private static (JsValue, JsValue) Open => (JsValue.Null, JsValue.Undefined);

    private static JsValue Exact(in JsValue said) => said.Kind switch
    {
        JsKind.Object => said["$eq"],
        JsKind.Array => JsValue.From(new JsArray(said.AsArray.Select(item => Exact(item)))),
        _ => said,
    };

    private static JsValue Lower(in JsValue said)
    {
        if (said.IsArray) return JsValue.From(new JsArray(said.AsArray.Select(item => Lower(item))));
        if (!said.IsObject) return said;
        JsObject operators = said.AsObject;
        JsValue prefix = operators["$prefix"];
        if (prefix.IsArray) return JsValue.From(new JsArray(prefix.AsArray).Add(JsValue.Null));
        if (prefix.IsString) return prefix;
        if (operators.TryGet("$gt", out JsValue bound) || operators.TryGet("$gte", out bound)) return bound;
        if (operators.TryGet("$lt", out _) || operators.TryGet("$lte", out _)) return JsValue.Null;
        if (operators.TryGet("$is", out JsValue type) && Exactness.IsKnownType(type))
        {
            return type.AsString switch
            {
                "string" => JsValue.From(""),
                "boolean" => JsValue.False,
                "array" => JsValue.From(new JsArray()),
                "undefined" => JsValue.Undefined,
                _ => JsValue.Null,
            };
        }

        return operators.TryGet("$eq", out JsValue exact) ? exact : JsValue.Null;
    }

    private static JsValue Upper(in JsValue said)
    {
        if (said.IsArray) return JsValue.From(new JsArray(said.AsArray.Select(item => Upper(item))));
        if (!said.IsObject) return said;
        JsObject operators = said.AsObject;
        JsValue prefix = operators["$prefix"];
        if (prefix.IsArray) return JsValue.From(new JsArray(prefix.AsArray).Add(JsValue.Undefined));
        if (prefix.IsString) return JsValue.From(prefix.AsString + "\uFFFF");
        if (operators.TryGet("$lt", out JsValue bound) || operators.TryGet("$lte", out bound)) return bound;
        if (operators.TryGet("$gt", out _) || operators.TryGet("$gte", out _)) return JsValue.Undefined;
        if (operators.TryGet("$is", out JsValue type) && Exactness.IsKnownType(type))
        {
            return type.AsString switch
            {
                "string" => JsValue.From(new JsArray()),
                "boolean" => JsValue.True,
                "null" => JsValue.Null,
                _ => JsValue.Undefined,
            };
        }

        return operators.TryGet("$eq", out JsValue exact) ? exact : JsValue.Undefined;
    }

    private static JsValue OrNull(in JsValue lower) => CanBeKey(lower) ? lower : JsValue.Null;

    private static JsValue OrUndefined(in JsValue upper) => CanBeKey(upper) ? upper : JsValue.Undefined;

    private static bool CanBeKey(in JsValue value) =>
        value.IsArray ? value.AsArray.All(item => CanBeKey(item)) : !value.IsObject;
}
