using Flume.Query.Json;

namespace Flume.Query.MapFilterReduce.Planning;

/// <summary>An index in JavaScript's form: a key and its fields, in the order of comparison.</summary>
/// <param name="Key">Its name, such as <c>typ</c>.</param>
/// <param name="Fields">The fields.</param>
/// <param name="IsExact">False if JavaScript appends the offset to each entry, which lengthens the bounds.</param>
public sealed record IndexDefinition(string Key, IReadOnlyList<FieldPath> Fields, bool IsExact = true)
{
    /// <summary>
    /// Creates the index from fields in JavaScript's notation: <c>["timestamp"]</c>, <c>[["dest"], ["rts"]]</c>.
    /// </summary>
    public static IndexDefinition FromJs(string key, in JsValue fields, bool isExact = true) =>
        new(key, [.. fields.AsArray.Select(path => FieldPath.FromJs(path))], isExact);

    /// <summary>The fields in JavaScript's notation.</summary>
    public JsValue FieldsToJs() => JsValue.From(new JsArray(Fields.Select(field => field.ToJs())));

    /// <summary>True for a <c>$sort</c> that lists exactly these fields in the same notation.</summary>
    internal bool IsOrderOf(in JsValue sort) => sort.IsArray && sort.ToJson() == FieldsToJs().ToJson();
}
