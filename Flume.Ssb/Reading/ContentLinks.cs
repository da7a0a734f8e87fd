using System.Text;
using Flume.Query.Json;
using Flume.Query.Tape;
using Flume.Ssb.Messages;

namespace Flume.Ssb.Reading;

/// <summary>Finds the ids and hashtags in a content, with the same walk as the backlinks view.</summary>
internal static class ContentLinks
{
    [ThreadStatic]
    private static JsonTape? _tape;

    [ThreadStatic]
    private static LinkWalk? _walk;

    /// <summary>The distinct, normalized links of <paramref name="content"/>.</summary>
    internal static IReadOnlyList<string> Of(JsValue content)
    {
        if (!content.IsObject && !content.IsArray) return [];
        JsonTape tape = _tape ??= new JsonTape();
        ReadOnlyMemory<byte> text = content.TryGetRaw(out ReadOnlyMemory<byte> raw) ? raw : JsWriter.ToUtf8(content);
        if (!tape.TryParse(text.Span)) return [];
        LinkSet found = (_walk ??= new LinkWalk()).Backlinks(tape.Root);
        List<string> links = new(found.Count);
        for (int i = 0; i < found.Count; i++) links.Add(Encoding.UTF8.GetString(found[i]));
        return links;
    }
}
