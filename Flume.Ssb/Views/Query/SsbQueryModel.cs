using Flume.Query.Json;
using Flume.Query.MapFilterReduce.Planning;
using Flume.Ssb.Queries;

namespace Flume.Ssb.Views.Query;

/// <summary>
/// The model of query.read: an entry is a message, with <c>rts</c> if read through an index (docs/spec 3.7).
/// </summary>
internal sealed class SsbQueryModel : QueryModel
{
    private static readonly IndexDefinition ByType =
        IndexDefinition.FromJs("type", JsValue.Parse("""[["value","content","type"]]"""));

    private static readonly IndexDefinition ByAuthor =
        IndexDefinition.FromJs("author", JsValue.Parse("""[["value","author"]]"""));

    /// <summary>The shared stateless instance.</summary>
    internal static readonly SsbQueryModel Instance = new();

    private SsbQueryModel()
        : base("query", SsbIndexes.Query, IndexDialect.Query)
    {
    }

    internal override string? CountsAll => "lor";

    internal override IReadOnlyList<IndexDefinition> LogOrdered { get; } = [ByType, ByAuthor];

    internal override IEnumerable<JsValue> Entries(JsValue message, IndexDefinition? index)
    {
        if (!message.IsObject) return [];
        // The filter reads the value and its members again. This access builds their tables once.
        if (index is not null) _ = message.AsObject.Count;
        JsValue value = message["value"];
        if (!value.IsObject) return [];
        if (index is not null) _ = value.AsObject.Count;
        return [index is null ? message : WithRts(message)];
    }

    internal override bool TryPlace(IndexDefinition index, IReadOnlyList<JsValue> start, out PostingPlace place)
    {
        byte at = index.Key switch
        {
            "log" => QueryIndex.Log,
            "clk" => QueryIndex.Clk,
            "typ" => QueryIndex.Typ,
            "tya" => QueryIndex.Tya,
            "cha" => QueryIndex.Cha,
            "aty" => QueryIndex.Aty,
            "ata" => QueryIndex.Ata,
            "art" => QueryIndex.Art,
            "lor" => QueryIndex.Lor,
            "type" => QueryIndex.TypeInLogOrder,
            _ => QueryIndex.AuthorInLogOrder,
        };
        return FingerprintFilter.TryPlace(at, start, out place);
    }

    /// <summary>The earlier of received and claimed time, or the received time if that is not a number.</summary>
    private static JsValue WithRts(JsValue message)
    {
        JsObject record = message.AsObject;
        JsValue rts = ResolvedTimes.OfQuery(record["timestamp"], record["value"]["timestamp"]);
        return JsValue.From(record.With("rts", rts));
    }
}
