using Flume.Log;
using Flume.Query.Json;
using Flume.Query.MapFilterReduce.Planning;
using Flume.Ssb.Messages;
using Flume.Ssb.Queries;
using Flume.Ssb.Reading;
using Flume.Ssb.Views.Query;
using Flume.Views.Store;

namespace Flume.Ssb.Views.Links;

/// <summary>The model of links2.read: an entry is one link, with its relation as an array (docs/spec 3.5).</summary>
internal sealed class LinksModel : QueryModel
{
    private static readonly IndexDefinition BySource =
        IndexDefinition.FromJs("source", JsValue.Parse("""["source"]"""));
    private static readonly IndexDefinition ByDest = IndexDefinition.FromJs("dest", JsValue.Parse("""["dest"]"""));
    private static readonly IndexDefinition ByField =
        IndexDefinition.FromJs("field", JsValue.Parse("""[["rel","0"]]"""));

    private static readonly FieldPath Dest = new("dest");
    private static readonly string[] Whole = ["source", "dest", "rel", "ts"];

    /// <summary>The shared stateless instance.</summary>
    internal static readonly LinksModel Instance = new();

    private LinksModel()
        : base("links", SsbIndexes.Links, IndexDialect.Links)
    {
    }

    /// <summary>A posting refers to a message, which can have several links.</summary>
    internal override bool CountsByPostings => false;

    internal override bool MarksScans => true;

    internal override (byte Index, PostingRange Range)? Everything => (LinksView.ByField, PostingRange.All);

    internal override IReadOnlyList<IndexDefinition> Lookups { get; } = [ByDest, BySource, ByField];

    internal override bool IsCoarse => true;

    internal override List<KeyRanges.Part>? InOrder(QueryPlan plan) => LinkRanges.Of(plan);

    internal override IEnumerable<JsValue> Entries(JsValue message, IndexDefinition? index) =>
        Entries(message, index, KeySet.Everything);

    /// <summary>A message with many links can have only one that matches.</summary>
    internal override IEnumerable<JsValue> Matching(JsValue message, QueryPlan plan) =>
        Entries(message, plan.Index, plan.Facts[Dest]);

    /// <summary>The links of a message with the posting's keys; usually one.</summary>
    internal override IEnumerable<JsValue> Entries(
        QueryPlan plan, MessageReader reader, IReadOnlyList<JsValue> start, Posting posting)
    {
        Offset offset = new(posting.Offset);
        if (MessageLinks.Of(reader, offset, out ReadOnlyMemory<byte> text) is not { } decoded) return [];
        List<JsValue> entries = [];
        foreach (FieldLink link in decoded.ValueLinks)
        {
            bool fits = plan.Index!.Key switch
            {
                "SRD" => LinkPlace.Of(decoded, link).BySource == posting.B,
                "DRS" => start[0].EqualsUtf8(link.Dest.Utf8) && LinkPlace.Of(decoded, link).ByDest == posting.B,
                _ => start[0].EqualsUtf8(link.Field.NameUtf8) && LinkPlace.Of(decoded, link).ByField == posting.B,
            };
            if (fits && MessageLinks.Holds(decoded.ValueLinkFields, link))
                entries.Add(Entry(decoded, new JsText(text), link, plan.Index));
        }
        return entries;
    }

    private static IEnumerable<JsValue> Entries(JsValue message, IndexDefinition? index, KeySet dests)
    {
        if (MessageLinks.Of(message, out ReadOnlyMemory<byte> text) is not { } decoded) return [];
        JsText kept = new(text);
        List<JsValue> entries = [];
        foreach (FieldLink link in decoded.ValueLinks)
        {
            if (MessageLinks.Holds(decoded.ValueLinkFields, link) && dests.Contains(link.Dest.Within(kept)))
                entries.Add(Entry(decoded, kept, link, index));
        }
        return entries;
    }

    /// <summary>Through an index, an entry has only its fields, in its order.</summary>
    private static JsValue Entry(DecodedMessage message, JsText text, FieldLink link, IndexDefinition? index)
    {
        JsObject entry = new();
        for (int i = 0; i < (index?.Fields.Count ?? Whole.Length); i++)
        {
            string name = index is null ? Whole[i] : index.Fields[i][0];
            entry.Set(name, name switch
            {
                "source" => message.Author.Within(text),
                "dest" => link.Dest.Within(text),
                "rel" => JsValue.From(LinkRelation.Of(link, message.Content).ToJs(text)),
                _ => message.Received.Within(text),
            });
        }
        return JsValue.From(entry);
    }

    internal override bool TryPlace(IndexDefinition index, IReadOnlyList<JsValue> start, out PostingPlace place)
    {
        place = default;
        return index.Key switch
        {
            "source" => FingerprintFilter.TryPlace(LinksView.BySource, start, out place),
            "dest" => FingerprintFilter.TryPlace(LinksView.ByDest, start, out place),
            "field" => FingerprintFilter.TryPlace(LinksView.ByField, start, out place),
            _ => false,
        };
    }
}
