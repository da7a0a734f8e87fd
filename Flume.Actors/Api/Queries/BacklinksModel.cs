using System.Text;
using Flume.Api.Reading;
using Flume.Codec.Json;
using Flume.MapFilterReduce.Planning;
using Flume.Views.Backlinks;

namespace Flume.Api.Queries;

/// <summary>backlinks.read: an entry is a message with one <c>dest</c> it links to, and <c>rts</c> (spec.md 3.3).</summary>
internal sealed class BacklinksModel : QueryModel
{
    /// <summary>The only one: it holds no state.</summary>
    internal static readonly BacklinksModel Instance = new();

    private BacklinksModel()
        : base("backlinks", SsbIndexes.Backlinks, IndexDialect.Links)
    {
    }

    internal override bool MarksScans => true;

    internal override IEnumerable<JsValue> Entries(JsValue message)
    {
        if (!message.IsObject || !message["value"].IsObject) yield break;
        JsValue rts = AssertedTime(message);
        foreach (string dest in ContentLinks.Of(message["value"]["content"])) yield return Entry(message, rts, JsValue.From(dest));
    }

    /// <summary>
    /// With an exact dest the entry is known: the text of the id in the message proves what its fingerprint says. Only
    /// where that text is not there (a normalised hashtag, an escaped or decrypted string) are all links walked.
    /// </summary>
    internal override IEnumerable<JsValue> Entries(JsValue message, IndexDefinition index, IReadOnlyList<JsValue> start)
    {
        int place = index.Key == "TDT" ? 1 : 0;
        if (start.Count <= place || !start[place].IsString) return Entries(message);
        JsValue dest = start[place];
        byte[] utf8 = Encoding.UTF8.GetBytes(dest.AsString);
        if (message.TryGetRaw(out ReadOnlyMemory<byte> raw) && raw.Span.IndexOf(utf8) >= 0)
            return [Entry(message, AssertedTime(message), dest)];
        return Entries(message).Where(entry => JsValue.StrictEquals(entry["dest"], dest));
    }

    internal override JsValue Item(JsValue entry, IndexDefinition? index)
    {
        if (index is null) return entry;
        JsValue rts = entry["rts"], dest = entry["dest"];
        JsObject item = entry.AsObject.Copy();
        item.Remove("rts");
        item.Remove("dest");
        item.Set("dest", dest);
        if (index.Key != "DTS") item.Set("rts", rts);
        return JsValue.From(item);
    }

    internal override bool TryPlace(IndexDefinition index, IReadOnlyList<JsValue> start, out PostingPlace place)
    {
        byte at = index.Key switch
        {
            "DTS" => BacklinksView.ByReceived,
            "DTA" => BacklinksView.ByAsserted,
            _ => BacklinksView.ByType,
        };
        return Prints.TryPlace(at, start, out place);
    }

    private static JsValue Entry(JsValue message, JsValue rts, JsValue dest) =>
        JsValue.From(message.AsObject.Copy().Set("rts", rts).Set("dest", dest));

    private static JsValue AssertedTime(JsValue message)
    {
        JsValue received = message["timestamp"], claimed = message["value"]["timestamp"];
        if (!claimed.IsTruthy) return JsValue.Undefined;
        return received.IsTruthy && received.IsNumber && claimed.IsNumber
            ? JsValue.From(Math.Min(received.AsNumber, claimed.AsNumber)) : claimed;
    }
}
