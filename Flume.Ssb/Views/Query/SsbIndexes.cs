using Flume.Query.Json;
using Flume.Query.MapFilterReduce.Planning;

namespace Flume.Ssb.Views.Query;

/// <summary>The indexes of the ssb modules. Their order decides ties.</summary>
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
