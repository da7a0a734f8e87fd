using System.Text;
using Flume.Query.Json;
using Flume.Query.MapFilterReduce;
using Flume.Ssb.Api;
using Flume.Ssb.Api.Methods;
using Flume.Ssb.Messages;
using Flume.Ssb.Reading;
using Flume.Views.Store;

namespace Flume.Ssb.Views.Links;

/// <summary>One link with ssb-db's index key: from, rel, to, sequence, key.</summary>
internal readonly record struct LinkItem(string Source, string Rel, string Dest, JsValue Sequence, JsValue Key)
{
    /// <summary>The message, decrypted if possible.</summary>
    internal JsValue Message { get; init; }

    /// <summary>Links of one message with the same key are one entry, as in the index.</summary>
    public bool Equals(LinkItem other) =>
        Source == other.Source && Rel == other.Rel && Dest == other.Dest && Key.Equals(other.Key);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Source, Rel, Dest);
}

/// <summary>The options of ssb-db's <c>links</c>: filter, order and format (docs/spec 3.2).</summary>
internal sealed record LinkQuery(string? Source, string? Dest, string? Rel)
{
    internal bool Old { get; private init; }

    internal bool Live { get; private init; }

    internal bool Sync { get; private init; }

    internal bool Reverse { get; private init; }

    private bool Keys { get; init; }

    private bool Meta { get; init; }

    private bool Values { get; init; }

    private bool Private { get; init; }

    /// <summary>With a dest and no source, JavaScript reads its second index, which is ordered by dest.</summary>
    private bool ByDest => Dest is not null && Source is null;

    /// <summary>Parses and checks the options.</summary>
    /// <exception cref="ApiException">A parameter has the wrong type, or the options exclude all output.</exception>
    internal static LinkQuery Parse(ApiCall call)
    {
        Parameters.Require(call, "linksOpts");
        JsValue given = call.Arg(0);
        StreamOptions stream = StreamOptions.Parse(given, Bounds.All);
        LinkQuery query = new(Sigil(given["source"]), Sigil(given["dest"]), Text(given["rel"]))
        {
            Old = stream.Old, Live = stream.Live, Sync = stream.Sync, Reverse = stream.Reverse,
            Keys = stream.Keys, Private = stream.Private,
            Meta = given["meta"] is not { IsBoolean: true, AsBoolean: false },
            Values = given["values"] is { IsBoolean: true, AsBoolean: true },
        };
        return query is { Keys: false, Meta: false, Values: false }
            ? throw ApiException.Error("makes no sense to return stream without results"
                + "set at least one of {keys, values, meta} to true")
            : query;
    }

    /// <summary>The postings omit positions in array contents.</summary>
    private string? IndexedRel => Rel is not null && Rel.All(char.IsAsciiDigit) ? null : Rel;

    /// <summary>The range of a superset of the links.</summary>
    internal (byte Index, PostingRange Range) Postings =>
        IsId(Source) ? (LinksView.BySource, OfRel(Source!))
        : IsId(Dest) ? (LinksView.ByDest, OfRel(Dest!))
        : IndexedRel is { } rel ? (LinksView.ByField, PostingRange.Exact(Candidates.Print(rel)))
        : (LinksView.BySource, PostingRange.All);

    /// <summary>The links of a message that match the query.</summary>
    internal List<LinkItem> Matching(JsValue message)
    {
        if (MessageLinks.Of(message, out ReadOnlyMemory<byte> text)
            is not { Author.IsString: true, Content.IsString: false } decoded) return [];
        string source = decoded.Author.ToJsValue().AsString;
        if (!Fits(source, Source)) return [];
        JsText kept = new(text);
        List<LinkItem> items = [];
        foreach (FieldLink link in decoded.ContentLinks)
        {
            string rel = MessageLinks.FieldOf(decoded.ContentLinkFields, link);
            string dest = Encoding.UTF8.GetString(link.Dest.Utf8);
            if ((Rel is not null && Rel != rel) || !Fits(dest, Dest)) continue;
            if (!MessageLinks.Holds(decoded.ContentLinkFields, link)) continue;
            items.Add(new LinkItem(source, rel, dest, decoded.Sequence.Within(kept), decoded.Key.Within(kept))
            {
                Message = message,
            });
        }
        return items;
    }

    /// <summary>The link's key in the index that JavaScript reads.</summary>
    internal byte[] KeyOf(LinkItem item)
    {
        JsValue source = JsValue.From(item.Source), dest = JsValue.From(item.Dest);
        return CharwiseKey.Of(
            [ByDest ? dest : source, JsValue.From(item.Rel), ByDest ? source : dest, item.Sequence, item.Key]);
    }

    /// <summary>Formats a link by the options.</summary>
    internal JsValue Format(LinkItem item)
    {
        if (!Meta && !Values) return item.Key;
        JsValue value = Values ? Shown(item.Message) : JsValue.Undefined;
        if (!Meta) return Keys ? JsValue.From(new JsObject().Set("key", item.Key).Set("value", value)) : value;
        JsObject shown = new JsObject().Set("source", JsValue.From(item.Source)).Set("rel", JsValue.From(item.Rel))
            .Set("dest", JsValue.From(item.Dest));
        if (Keys) shown.Set("key", item.Key);
        if (Values) shown.Set("value", value);
        return JsValue.From(shown);
    }

    /// <summary>
    /// A value shown with its link is always as signed by the author. For <c>{meta: false}</c>, JavaScript decrypts
    /// bare values for every caller; here this requires <c>private</c>.
    /// </summary>
    private JsValue Shown(JsValue message) => (Private && !Meta ? message : MessageFormat.Original(message))["value"];

    private PostingRange OfRel(string id)
    {
        (ulong low, ulong high) = IndexedRel is { } rel ? LinkRanges.OfField(rel) : (0, ulong.MaxValue);
        return PostingRange.Exact(Candidates.Print(id), low, high);
    }

    private static bool Fits(string id, string? wanted) =>
        wanted is null || (wanted.Length == 1 ? id.StartsWith(wanted[0]) : id == wanted);

    private static bool IsId(string? wanted) => wanted is { Length: > 1 };

    private static string? Text(JsValue value) => value.IsString && value.IsTruthy ? value.AsString : null;

    private static string? Sigil(JsValue value) => Text(value) switch
    {
        "feed" => "@",
        "msg" => "%",
        "blob" => "&",
        var other => other,
    };
}
