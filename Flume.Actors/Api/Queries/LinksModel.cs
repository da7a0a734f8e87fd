using System.Text;
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

    internal override IReadOnlyList<IndexDefinition> Lookups { get; } = [ByDest, BySource, ByField];

    internal override bool IsCoarse => true;

    internal override List<KeyRanges.Part>? InOrder(QueryPlan plan) => LinkRanges.Of(plan);

    internal override IEnumerable<JsValue> Entries(JsValue message, IndexDefinition? index) =>
        Entries(message, index, KeySet.Everything);

    /// <summary>A message with many links may have one alone that is asked for.</summary>
    internal override IEnumerable<JsValue> Matching(JsValue message, QueryPlan plan) =>
        Entries(message, plan.Index, plan.Facts[Dest]);

    /// <summary>The links of a message that stand where the posting does.</summary>
    internal override IEnumerable<JsValue> Entries(
        JsValue message, QueryPlan plan, IReadOnlyList<JsValue> start, ulong sortKey)
    {
        JsValue value = message["value"];
        if (!value.IsObject) yield break;
        string? field = plan.Index!.Key == "RDS" ? start[0].AsString : null;
        string? dest = plan.Index.Key == "DRS" ? start[0].AsString : null;
        foreach (FieldLink link in FieldLinkWalk.OfValue(value))
        {
            if ((field is not null && link.Field != field) || (dest is not null && link.Dest != dest)) continue;
            JsValue entry = Entry(message, value, link, plan.Index);
            if (OrderOf(link, entry, plan.Index) == sortKey) yield return entry;
        }
    }

    /// <summary>The sort key of a link's posting, as the view made it.</summary>
    private static ulong OrderOf(FieldLink link, JsValue entry, IndexDefinition index)
    {
        LinkOrder order = LinkRanges.OrderOf(entry["rel"].AsArray, isWhole: true);
        byte[] dest = Encoding.UTF8.GetBytes(link.Dest);
        if (index.Key == "RDS")
        {
            order.AddDest(dest);
            return order.Low;
        }
        order = order.Behind(Encoding.UTF8.GetBytes(link.Field));
        if (index.Key == "SRD") order.AddDestShort(dest);
        else LinkRanges.AddSource(ref order, entry["source"]);
        return LinkOrder.Short(order.Low);
    }

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

    internal override bool TryPlace(IndexDefinition index, IReadOnlyList<JsValue> start, out PostingPlace place)
    {
        place = default;
        return index.Key switch
        {
            "source" => Prints.TryPlace(LinksView.BySource, start, out place),
            "dest" => Prints.TryPlace(LinksView.ByDest, start, out place),
            "field" => Prints.TryPlace(LinksView.ByField, start, out place),
            _ => false,
        };
    }
}
