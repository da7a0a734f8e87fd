using Flume.Api.Reading;
using Flume.Codec.Json;
using Flume.MapFilterReduce.Planning;
using Flume.Store;
using Flume.Views.Links;

namespace Flume.Api.Queries;

/// <summary>links2.read: an entry is one link, with the relation spelled out as an array (spec.md 3.5).</summary>
internal sealed class LinksModel : QueryModel
{
    private static readonly IndexDefinition BySource =
        IndexDefinition.FromJs("source", JsValue.Parse("""["source"]"""));
    private static readonly IndexDefinition ByDest = IndexDefinition.FromJs("dest", JsValue.Parse("""["dest"]"""));
    private static readonly IndexDefinition ByField =
        IndexDefinition.FromJs("field", JsValue.Parse("""[["rel","0"]]"""));

    private static readonly IndexDefinition ByDestAndField =
        IndexDefinition.FromJs("destfield", JsValue.Parse("""["dest",["rel","0"]]"""));

    private static readonly FieldPath Dest = new("dest");
    private static readonly string[] Whole = ["source", "dest", "rel", "ts"];

    /// <summary>The only one: it holds no state.</summary>
    internal static readonly LinksModel Instance = new();

    private LinksModel()
        : base("links", SsbIndexes.Links, IndexDialect.Links)
    {
    }

    /// <summary>A posting leads to a message, which may have several links.</summary>
    internal override bool CountsByPostings => false;

    internal override bool MarksScans => true;

    internal override (byte Index, PostingRange Range)? Everything => (LinksView.ByField, PostingRange.All);

    internal override IReadOnlyList<IndexDefinition> LogOrdered { get; } = [ByDestAndField, ByDest, BySource, ByField];

    internal override IEnumerable<JsValue> Entries(JsValue message, IndexDefinition? index) =>
        Entries(message, index, KeySet.Everything);

    /// <summary>A message with many links may have one alone that is asked for.</summary>
    internal override IEnumerable<JsValue> Matching(JsValue message, QueryPlan plan) =>
        Entries(message, plan.Index, plan.Facts[Dest]);

    private static IEnumerable<JsValue> Entries(JsValue message, IndexDefinition? index, KeySet dests)
    {
        JsValue value = message["value"];
        if (!value.IsObject) yield break;
        foreach (FieldLink link in FieldLinkWalk.OfValue(value))
        {
            JsValue dest = JsValue.From(link.Dest);
            if (dests.Contains(dest)) yield return Entry(message, value, link, index);
        }
    }

    /// <summary>Through an index only its fields come out, in its order.</summary>
    private static JsValue Entry(JsValue message, JsValue value, FieldLink link, IndexDefinition? index)
    {
        JsObject entry = new();
        for (int i = 0; i < (index?.Fields.Count ?? Whole.Length); i++)
        {
            string name = index is null ? Whole[i] : index.Fields[i][0];
            entry.Set(name, name switch
            {
                "source" => value["author"],
                "dest" => JsValue.From(link.Dest),
                "rel" => JsValue.From(Relation.Of(link, value["content"])),
                _ => message["timestamp"],
            });
        }
        return JsValue.From(entry);
    }

    /// <summary>Our rows know links by source, dest and field; JavaScript's orders are made by sorting.</summary>
    internal override bool TryPlace(IndexDefinition index, IReadOnlyList<JsValue> start, out PostingPlace place)
    {
        place = default;
        return index.Key switch
        {
            "source" => Prints.TryPlace(LinksView.BySource, start, out place),
            "dest" => Prints.TryPlace(LinksView.ByDest, start, out place),
            "destfield" => Prints.TryPlace(LinksView.ByDestAndField, start, out place),
            "field" => Prints.TryPlace(LinksView.ByField, start, out place),
            _ => false,
        };
    }
}
