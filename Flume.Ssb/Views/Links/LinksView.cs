using Flume.Log.Primitives;
using Flume.Query.Json;
using Flume.Query.Tape;
using Flume.Ssb.Messages;
using Flume.Ssb.Views.Search;
using Flume.Views;
using Flume.Views.Store;

namespace Flume.Ssb.Views.Links;

/// <summary>
/// Links from top-level content fields, and messages by type. It serves ssb-db's <c>links</c> and <c>messagesByType</c>
/// (docs/spec 3.2, 3.4) and ssb-links' <c>links2.read</c> (3.5). They find the same links in different orders.
/// </summary>
public sealed class LinksView : SsbView
{
    /// <summary>A = the first 32 UTF-16 units of content.type; B = the received timestamp.</summary>
    internal const byte ByType = 1;

    /// <summary>
    /// A = the author of a message with a link; B = the first four bytes of relation and dest
    /// (<see cref="LinkOrder"/>).
    /// </summary>
    internal const byte BySource = 2;

    /// <summary>A = the linked id; B = the first four bytes of relation and source.</summary>
    internal const byte ByDest = 3;

    /// <summary>A = the content field of the link; B = the rest of the relation, and dest.</summary>
    internal const byte ByField = 4;

    /// <summary>A = the first eight bytes of a word in a mention's blob name; B = 0.</summary>
    internal const byte ByBlobWord = 5;

    private const int NameMax = 256;

    /// <inheritdoc/>
    public override string Name => "links";

    /// <inheritdoc/>
    public override int Version => 4;

    /// <inheritdoc/>
    protected override void Apply(DecodedMessage message, RowSink rows)
    {
        TapeValue type = message.Fields.Type;
        if (type.IsString && !message.Received.IsUndefined)
            rows.Post(ByType, Fingerprint.Of(TypePrefix.Of(type.Utf8)), message.Keys.Received);
        List<FieldLink> ofContent = message.ContentLinks, ofValue = message.ValueLinks;
        Post(message, ofContent, rows);
        if (ofValue != ofContent) Post(message, ofValue, rows);
        PostBlobWords(message.Content["mentions"u8], rows);
    }

    private static void PostBlobWords(TapeValue mentions, RowSink rows)
    {
        if (mentions.Kind == JsKind.Array)
        {
            foreach (TapeValue mention in mentions) PostWords(mention, rows);
        }
        else PostWords(mentions, rows);
    }

    private static void PostWords(TapeValue mention, RowSink rows)
    {
        if (mention["link"u8].Raw is not [(byte)'&' or (byte)'\\', ..]) return;
        // npm ssb-meme treats the underscores of a name as spaces.
        ReadOnlySpan<byte> name = mention["name"u8].Utf8;
        Span<byte> spaced = name.Length <= NameMax ? stackalloc byte[name.Length] : new byte[name.Length];
        name.Replace(spaced, (byte)'_', (byte)' ');
        foreach (ulong word in new WordPrefixes(spaced)) rows.Post(ByBlobWord, word, 0);
    }

    private static void Post(DecodedMessage message, List<FieldLink> links, RowSink rows)
    {
        for (int i = 0; i < links.Count; i++)
        {
            FieldLink link = links[i];
            LinkPlace place = LinkPlace.Of(message, link);
            rows.Post(ByField, Fingerprint.Of(link.Field.NameUtf8), place.ByField);
            rows.Post(ByDest, IndexKey.FingerprintOf(link.Dest), place.ByDest);
            if (!message.Author.IsUndefined) rows.Post(BySource, message.Keys.Author, place.BySource);
        }
    }
}
