using System.Text;
using Flume.Codec.Json;
using Flume.Codec.Tape;
using Flume.Store;

namespace Flume.Views.Search;

/// <summary>The words of every <c>content.text</c>: ssb-search (spec.md 3.8).</summary>
public sealed class SearchView : IView
{
    /// <summary>A = the word's first eight bytes, so that a prefix is a range; B = 0.</summary>
    internal const byte ByWord = 1;

    /// <inheritdoc/>
    public string Name => "search";

    /// <inheritdoc/>
    public int Version => 2;

    /// <inheritdoc/>
    public void Apply(DecodedMessage message, RowSink rows)
    {
        TapeValue text = message.Fields.Text;
        ReadOnlySpan<byte> utf8 = text.IsString ? text.Utf8 : text.IsTruthy ? TextOf(text) : default;
        foreach (ulong word in new WordPrefixes(utf8)) rows.Post(ByWord, word, 0);
    }

    /// <summary>A text that is none is searched as JavaScript turns it into one.</summary>
    private static byte[] TextOf(TapeValue text) => Encoding.UTF8.GetBytes(JsCoercion.ToText(text.ToJsValue()));
}
