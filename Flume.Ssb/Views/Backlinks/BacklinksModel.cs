using System.Text;
using Flume.Log;
using Flume.Log.Primitives;
using Flume.Query.Json;
using Flume.Query.MapFilterReduce.Planning;
using Flume.Ssb.Queries;
using Flume.Ssb.Reading;
using Flume.Ssb.Views.Query;
using Flume.Views.Store;

namespace Flume.Ssb.Views.Backlinks;

/// <summary>
/// backlinks.read: an entry is a message with one <c>dest</c> it links to, and <c>rts</c> (docs/spec 3.3).
/// </summary>
internal sealed class BacklinksModel : QueryModel
{
    /// <summary>The shared stateless instance.</summary>
    internal static readonly BacklinksModel Instance = new();

    private BacklinksModel()
        : base("backlinks", SsbIndexes.Backlinks, IndexDialect.Links)
    {
    }

    internal override bool MarksScans => true;

    internal override IEnumerable<JsValue> Entries(JsValue message, IndexDefinition? index)
    {
        if (!message.IsObject || !message["value"].IsObject) yield break;
        JsValue rts = AssertedTime(message);
        foreach (string dest in ContentLinks.Of(message["value"]["content"]))
            yield return Entry(message, index, rts, JsValue.From(dest));
    }

    /// <summary>
    /// If dest is exact, the entry is known: the id's text in the message confirms the fingerprint. All links are
    /// computed only if that text is missing. Examples are normalized hashtags and escaped or decrypted strings.
    /// </summary>
    internal override IEnumerable<JsValue> Entries(
        QueryPlan plan, MessageReader reader, IReadOnlyList<JsValue> start, Posting posting)
    {
        if (!reader.TryOpened(new Offset(posting.Offset), out JsValue message)) return [];
        int place = plan.Index!.Key == "TDT" ? 1 : 0;
        if (start.Count <= place || !start[place].IsString) return Entries(message, plan.Index);
        JsValue dest = start[place];
        if (!RecordText.Holds(message, Encoding.UTF8.GetBytes(dest.AsString)))
            return Entries(message, plan.Index).Where(entry => JsValue.StrictEquals(entry["dest"], dest));
        bool ordersByRts = plan.Index.Key != "DTS" && SortKey.IsNumber(posting.B);
        JsValue rts = ordersByRts ? JsValue.From(SortKey.ToNumber(posting.B)) : AssertedTime(message);
        return [Entry(message, plan.Index, rts, dest)];
    }

    internal override bool TryPlace(IndexDefinition index, IReadOnlyList<JsValue> start, out PostingPlace place)
    {
        byte at = index.Key switch
        {
            "DTS" => BacklinksView.ByReceived,
            "DTA" => BacklinksView.ByAsserted,
            _ => BacklinksView.ByType,
        };
        return FingerprintFilter.TryPlace(at, start, out place);
    }

    /// <summary>
    /// Through an index, its fields are last and in its order. <c>rts</c> is present only if it is one of them.
    /// </summary>
    private static JsValue Entry(JsValue message, IndexDefinition? index, JsValue rts, JsValue dest)
    {
        JsObject record = message.AsObject;
        if (index is null) return JsValue.From(record.With("rts", rts).With("dest", dest));
        JsObject linked = record.With("dest", dest);
        return JsValue.From(index.Key == "DTS" ? linked : linked.With("rts", rts));
    }

    private static JsValue AssertedTime(JsValue message) =>
        ResolvedTimes.OfLinks(message["timestamp"], message["value"]["timestamp"]);
}
