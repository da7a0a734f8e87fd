using Flume.Query.Json;

namespace Flume.Query.MapFilterReduce.Planning;

/// <summary>An index as JavaScript's views define it: a key and the fields it is ordered by, first one first.</summary>
/// <param name="Key">Its name, such as <c>typ</c>.</param>
/// <param name="Fields">The fields.</param>
/// <param name="IsExact">False when JavaScript ends each entry with the offset, which lengthens the bounds.</param>
public sealed record IndexDefinition(string Key, IReadOnlyList<FieldPath> Fields, bool IsExact = true)
{
    /// <summary>
    /// The index with fields as JavaScript writes them: <c>["timestamp"]</c>, <c>[["dest"], ["rts"]]</c>.
    /// </summary>
    public static IndexDefinition FromJs(string key, in JsValue fields, bool isExact = true) =>
        new(key, [.. fields.AsArray.Select(path => FieldPath.FromJs(path))], isExact);

    /// <summary>The fields as JavaScript writes them.</summary>
    public JsValue FieldsToJs() => JsValue.From(new JsArray(Fields.Select(field => field.ToJs())));

    /// <summary>True for a <c>$sort</c> that lists exactly these fields, spelled in the same way.</summary>
    internal bool IsOrderOf(in JsValue sort) => sort.IsArray && sort.ToJson() == FieldsToJs().ToJson();
}
