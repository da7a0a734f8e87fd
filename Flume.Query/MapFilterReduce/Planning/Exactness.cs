using Flume.Query.Json;

namespace Flume.Query.MapFilterReduce.Planning;

/// <summary>
/// The rating of a filter's condition on one field, as in JavaScript's selector (map-filter-reduce/util).
/// </summary>
internal static class Exactness
{
    /// <summary>A scalar, an array of scalars, or an object with <c>$eq</c>.</summary>
    public static bool IsExact(in JsValue filter) => filter.Kind switch
    {
        JsKind.Array => filter.AsArray.All(item => IsExact(item)),
        JsKind.Object => filter.AsObject.TryGet("$eq", out _),
        _ => true,
    };

    /// <summary>An object with an operator that orders, or an array with such an object in it.</summary>
    public static bool IsRange(in JsValue filter)
    {
        if (filter.IsArray) return filter.AsArray.Any(item => IsRange(item));
        if (!filter.IsObject) return false;
        return filter["$prefix"].IsTruthy || IsKnownType(filter["$is"]) || Has(filter, "$lt") || Has(filter, "$gt")
            || Has(filter, "$lte") || Has(filter, "$gte");
    }

    /// <summary>The types of <c>$is</c> that define a range; 'number' and 'object' do not.</summary>
    public static bool IsKnownType(in JsValue type) =>
        type.IsString && type.AsString is "string" or "boolean" or "array" or "undefined" or "null";

    /// <summary>Rates the condition on a field; false if the filter does not mention the field.</summary>
    public static bool TryGet(in JsValue filter, FieldPath field, out JsValue said)
    {
        said = filter;
        for (int i = 0; i < field.Length; i++)
        {
            if (!Has(said, field[i])) return false;
            said = said[field[i]];
        }

        return true;
    }

    private static bool Has(in JsValue value, string name) =>
        value.IsObject ? value.AsObject.TryGet(name, out _) : !value[name].IsUndefined;
}
