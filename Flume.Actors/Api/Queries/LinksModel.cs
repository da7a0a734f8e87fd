using Flume.Api.Reading;
using Flume.Codec.Json;
using Flume.MapFilterReduce.Planning;
using Flume.Store;
using Flume.Views.Links;

namespace Flume.Api.Queries;

/// <summary>links2.read: an entry is one link, with the relation spelled out as an array (spec.md 3.5).</summary>
internal sealed class LinksModel : QueryModel
{
    private static readonly IndexDefinition BySource = IndexDefinition.FromJs("source", JsValue.Parse("""["source"]"""));
    private static readonly IndexDefinition ByDest = IndexDefinition.FromJs("dest", JsValue.Parse("""["dest"]"""));
    private static readonly IndexDefinition ByField = IndexDefinition.FromJs("field", JsValue.Parse("""[["rel","0"]]"""));

    private static readonly IndexDefinition ByDestAndField =
        IndexDefinition.FromJs("destfield", JsValue.Parse("""["dest",["rel","0"]]"""));

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

    internal override IEnumerable<JsValue> Entries(JsValue message, IndexDefinition? index)
    {
        JsValue value = message["value"], content = value["content"];
        if (!value.IsObject) yield break;
        foreach (FieldLink link in FieldLinkWalk.OfValue(value))
        {
            JsArray relation = Relation.Of(link, content);
            JsValue entry = JsValue.From(new JsObject().Set("source", value["author"]).Set("dest", JsValue.From(link.Dest))
                .Set("rel", JsValue.From(relation)).Set("ts", message["timestamp"]));
            yield return index is null ? entry : Through(index, entry);
        }
    }

    /// <summary>Through an index only its fields come out, in its order.</summary>
    private static JsValue Through(IndexDefinition index, JsValue entry)
    {
        JsObject item = new();
        foreach (FieldPath field in index.Fields) item.Set(field[0], field.Read(entry));
        return JsValue.From(item);
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
