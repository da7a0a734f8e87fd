using Flume.Codec.Json;

namespace Flume.MapFilterReduce.Planning;

/// <summary>An index as JavaScript's views define it: a key and the fields it is ordered by, first one first.</summary>
/// <param name="Key">Its name, such as <c>typ</c>.</param>
/// <param name="Fields">The fields.</param>
/// <param name="IsExact">False when JavaScript ends each entry with the record's offset, which lengthens the bounds.</param>
public sealed record IndexDefinition(string Key, IReadOnlyList<FieldPath> Fields, bool IsExact = true)
{
    /// <summary>The index with fields as JavaScript writes them: <c>["timestamp"]</c>, <c>[["dest"], ["rts"]]</c>.</summary>
    public static IndexDefinition FromJs(string key, in JsValue fields, bool isExact = true) =>
        new(key, [.. fields.AsArray.Select(path => FieldPath.FromJs(path))], isExact);

    /// <summary>The fields as JavaScript writes them.</summary>
    public JsValue FieldsToJs() => JsValue.From(new JsArray(Fields.Select(field => field.ToJs())));

    /// <summary>True for a <c>$sort</c> that lists exactly these fields, spelled in the same way.</summary>
    internal bool IsOrderOf(in JsValue sort) => sort.IsArray && sort.ToJson() == FieldsToJs().ToJson();
}

/// <summary>Whose rules choose an index: the two JavaScript modules differ in scores and bounds.</summary>
public enum IndexDialect
{
    /// <summary>flumeview-query: exact 2, range 1; a query that no index helps scans the log.</summary>
    Query,

    /// <summary>flumeview-links: exact 3, range 2, mentioned 1; a <c>$sort</c> that is no index is an error.</summary>
    Links,
}

/// <summary>The indexes of the ssb modules, in their order, which decides ties.</summary>
public static class SsbIndexes
{
    /// <summary>ssb-query: <c>query.read</c>.</summary>
    public static readonly IReadOnlyList<IndexDefinition> Query =
    [
        Of("log", """["timestamp"]"""),
        Of("clk", """[["value","author"],["value","sequence"]]"""),
        Of("typ", """[["value","content","type"],["timestamp"]]"""),
        Of("tya", """[["value","content","type"],["value","timestamp"]]"""),
        Of("cha", """[["value","content","channel"],["timestamp"]]"""),
        Of("aty", """[["value","author"],["value","content","type"],["timestamp"]]"""),
        Of("ata", """[["value","author"],["value","content","type"],["value","timestamp"]]"""),
        Of("art", """[["value","content","root"],["value","timestamp"]]"""),
        Of("lor", """[["rts"]]"""),
    ];

    /// <summary>ssb-backlinks: <c>backlinks.read</c>.</summary>
    public static readonly IReadOnlyList<IndexDefinition> Backlinks =
    [
        Of("DTS", """[["dest"],["timestamp"]]"""),
        Of("DTA", """[["dest"],["rts"]]"""),
        Of("TDT", """[["value","content","type"],["dest"],["rts"]]"""),
    ];

    /// <summary>ssb-links: <c>links2.read</c>.</summary>
    public static readonly IReadOnlyList<IndexDefinition> Links =
    [
        Of("SRD", """["source","rel","dest","ts"]"""),
        Of("DRS", """["dest","rel","source","ts"]"""),
        Of("RDS", """["rel","dest","source","ts"]"""),
    ];

    private static IndexDefinition Of(string key, string fields) => IndexDefinition.FromJs(key, JsValue.Parse(fields));
}
