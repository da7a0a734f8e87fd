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
    public int Version => 1;

    /// <inheritdoc/>
    public void Apply(DecodedMessage message, RowSink rows)
    {
        TapeValue text = message.Fields.Text;
        if (!text.IsString) return;
        foreach (ulong word in new WordPrefixes(text.Utf8)) rows.Post(ByWord, word, 0);
    }
}
