using Flume.Codec.Json;
using Flume.MapFilterReduce.Planning;
using Flume.Views.Query;

namespace Flume.Api.Queries;

/// <summary>query.read: an entry is a message, with <c>rts</c> when it is read through an index (spec.md 3.7).</summary>
internal sealed class SsbQueryModel : QueryModel
{
    private static readonly IndexDefinition ByType =
        IndexDefinition.FromJs("type", JsValue.Parse("""[["value","content","type"]]"""));

    private static readonly IndexDefinition ByAuthor =
        IndexDefinition.FromJs("author", JsValue.Parse("""[["value","author"]]"""));

    /// <summary>The only one: it holds no state.</summary>
    internal static readonly SsbQueryModel Instance = new();

    private SsbQueryModel()
        : base("query", SsbIndexes.Query, IndexDialect.Query)
    {
    }

    internal override IReadOnlyList<IndexDefinition> LogOrdered { get; } = [ByType, ByAuthor];

    internal override IEnumerable<JsValue> Entries(JsValue message, IndexDefinition? index)
    {
        if (!message.IsObject || !message["value"].IsObject) return [];
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
        return Prints.TryPlace(at, start, out place);
    }

    /// <summary>The earlier of received and claimed time, or the received one where there is no such number.</summary>
    private static JsValue WithRts(JsValue message)
    {
        JsObject copy = message.AsObject.Copy();
        return JsValue.From(copy.Set("rts", ResolvedTimes.OfQuery(copy["timestamp"], copy["value"]["timestamp"])));
    }
}
