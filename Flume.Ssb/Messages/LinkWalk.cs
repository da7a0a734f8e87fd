using System.Buffers;
using System.Text;
using Flume.Query.Json;
using Flume.Query.Tape;

namespace Flume.Ssb.Messages;

/// <summary>One link as ssb-msgs finds it: a field, its item, and the id in the item.</summary>
/// <param name="Field">The top-level member whose name is the link's <c>rel</c>. In an array content it is an
/// item.</param>
/// <param name="Item">The string, or the object with a string <c>link</c>.</param>
/// <param name="Dest">The string with the id and an optional <c>?query</c>.</param>
public readonly record struct FieldLink(TapeValue Field, TapeValue Item, TapeValue Dest);

/// <summary>Finds the links of a content with the two walks of JavaScript's views.</summary>
/// <remarks>
/// Both walks are total: they skip values on which a JavaScript view throws and stops (docs/spec 8.1). If a raw content
/// has two members of one name, both contribute links; real writers create no such log. The object is reused by one
/// thread, and a result is valid until the next call.
/// </remarks>
public sealed class LinkWalk
{
    private const int TagUtf8Max = 1 + (30 * 3);

    private readonly LinkSet _destinations = new();
    private readonly List<FieldLink> _links = [];

    /// <summary>The object whose fields the last walk visited.</summary>
    internal TapeValue Fields { get; private set; }

    /// <summary>
    /// All distinct ids (feed, message, group, blob) and hashtags in the content's strings, at any depth, as in
    /// ssb-backlinks 2.1.1. Hashtags are normalized. Strings below a top-level <c>channel</c> count as hashtags.
    /// </summary>
    public LinkSet Backlinks(TapeValue content)
    {
        _destinations.Clear();
        if (content.IsUndefined) return _destinations;
        int channelEnd = 0, fieldDepth = content.Depth + 1;
        ReadOnlySpan<TapeToken> tokens = content.Tokens;
        for (int i = content.Index, end = content.Next; i < end; i++)
        {
            ref readonly TapeToken token = ref tokens[i];
            if (token.Depth == fieldDepth && content.On(i) is var field && field.NameIs("channel"u8))
                channelEnd = field.Next;
            if (token.Kind != JsKind.String) continue;
            TapeValue value = content.On(i);
            if (i < channelEnd) AddChannel(value.Utf8);
            else if (MayBeLink(value.Raw)) Add(value.Utf8);
        }

        return _destinations;
    }

    /// <summary>
    /// The links in the content's top-level fields, as ssb-msgs' <c>indexLinks(content)</c> finds them. A field is a
    /// string, an object with <c>link</c>, or an array of those. An object with the members 0, 1, … counts as an array
    /// (docs/spec 3.4).
    /// </summary>
    public List<FieldLink> FieldLinks(TapeValue content) =>
        FieldLinks(content, content["value"u8], content["content"u8]);

    /// <summary>The same for a content whose members <c>value</c> and <c>content</c> are known.</summary>
    internal List<FieldLink> FieldLinks(TapeValue content, TapeValue value, TapeValue inner)
    {
        TapeValue wrapped = value["content"u8];
        return Walk(wrapped["type"u8].IsTruthy ? wrapped : inner["type"u8].IsTruthy ? inner : content);
    }

    /// <summary>
    /// The same for a whole message, as in ssb-links. If the content has a type, its links; otherwise, also for an
    /// encrypted box, the links of the value's fields.
    /// </summary>
    public List<FieldLink> FieldLinks(DecodedMessage message) =>
        Walk(message.Fields.Type.IsTruthy ? message.Content : message.Value);

    private List<FieldLink> Walk(TapeValue fields)
    {
        _links.Clear();
        Fields = fields;
        foreach (TapeValue field in fields)
        {
            if (field.Kind == JsKind.Array)
            {
                foreach (TapeValue item in field) AddItem(field, item);
            }
            else if (!AddNumbered(field)) AddItem(field, field);
        }

        return _links;
    }

    /// <summary>The items of an array-like object: 0, 1, … up to the first missing or falsy one.</summary>
    private bool AddNumbered(TapeValue field)
    {
        if (field.Kind != JsKind.Object || !field["0"u8].IsTruthy) return false;
        Span<byte> name = stackalloc byte[10];
        TapeValue.Children members = field.GetEnumerator();
        for (int next = 0; ; next++)
        {
            // JavaScript writes such members first and in ascending order, so the next member usually matches.
            next.TryFormat(name, out int length);
            bool inOrder = members.MoveNext() && members.Current.NameIs(name[..length]);
            TapeValue item = inOrder ? members.Current : field[name[..length]];
            if (!item.IsTruthy) return next > 0;
            AddItem(field, item);
        }
    }

    private void AddItem(TapeValue field, TapeValue item)
    {
        TapeValue dest = item.IsString ? item : item["link"u8];
        if (dest.IsString && MayBeLink(dest.Raw) && Ref.IsLink(dest.Utf8)) _links.Add(new FieldLink(field, item, dest));
    }

    /// <summary>
    /// A cheap check before unescaping: ids and hashtags start with a sigil, so most strings fail it.
    /// </summary>
    private static bool MayBeLink(ReadOnlySpan<byte> raw) =>
        raw.Length > 0 && raw[0] is (byte)'%' or (byte)'@' or (byte)'&' or (byte)'#' or (byte)'\\';

    private void Add(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty) return;
        if (utf8[0] == '#') AddTag(utf8);
        else
        {
            RefKind kind = Ref.KindOf(utf8);
            if (kind != RefKind.None) _destinations.Add(utf8, kind);
        }
    }

    private void AddTag(ReadOnlySpan<byte> utf8)
    {
        // A longer text has more than 30 units.
        if (utf8.Length > TagUtf8Max) return;
        Span<char> units = stackalloc char[TagUtf8Max];
        units = units[..Encoding.UTF8.GetChars(utf8, units)];
        if (Hashtag.IsTag(units)) AddNormal(Hashtag.Normalize(units[1..]));
    }

    /// <summary>A channel name becomes a hashtag. If normalization leaves nothing, the string itself counts.</summary>
    private void AddChannel(ReadOnlySpan<byte> utf8)
    {
        char[] units = ArrayPool<char>.Shared.Rent(utf8.Length);
        int count = Encoding.UTF8.GetChars(utf8, units);
        string? name = Hashtag.Normalize(units.AsSpan(0, count));
        ArrayPool<char>.Shared.Return(units);
        if (name is null) Add(utf8);
        else if (Hashtag.IsTag("#" + name)) AddNormal(Hashtag.Normalize(name));
    }

    // A tag of punctuation only is stored as "#null", as JavaScript converts null to text.
    private void AddNormal(string? name)
    {
        Span<byte> utf8 = stackalloc byte[TagUtf8Max];
        utf8[0] = (byte)'#';
        int length = Encoding.UTF8.GetBytes(name ?? "null", utf8[1..]);
        _destinations.Add(utf8[..(length + 1)], RefKind.None);
    }
}
