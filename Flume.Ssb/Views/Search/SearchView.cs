using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;
using Flume.Query.Json;
using Flume.Ssb.Messages;
using Flume.Views;
using Flume.Views.Store;

namespace Flume.Ssb.Views.Search;

/// <summary>The index of the words in <c>content.text</c>: ssb-search (docs/spec 3.8).</summary>
public sealed class SearchView : SsbView
{
    /// <summary>A = the word's first eight bytes, so that a prefix is a range; B = 0.</summary>
    internal const byte ByWord = 1;

    private const int SeenBitsMax = 8;

    /// <inheritdoc/>
    public override string Name => "search";

    /// <inheritdoc/>
    public override int Version => 2;

    /// <inheritdoc/>
    [SkipLocalsInit]
    protected override void Apply(DecodedMessage message, RowSink rows)
    {
        if (!message.Fields.Text.IsTruthy) return;
        ReadOnlySpan<byte> text = TextOf(message);
        // Most words of a text repeat. A collision posts a word twice, which the store merges.
        int bits = Math.Clamp(BitOperations.Log2((uint)text.Length | 1) - 1, 1, SeenBitsMax);
        Span<ulong> seen = stackalloc ulong[1 << SeenBitsMax];
        seen[..(1 << bits)].Clear();
        foreach (ulong word in new WordPrefixes(text))
        {
            ref ulong last = ref seen[(int)((word * 0x9E37_79B9_7F4A_7C15) >> (64 - bits))];
            if (last == word) continue;
            last = word;
            rows.Post(ByWord, word, 0);
        }
    }

    /// <summary>The searchable text of a message. A value that is not a text is converted as in JavaScript.</summary>
    internal static ReadOnlySpan<byte> TextOf(DecodedMessage message) => message.Fields.Text is { IsString: true } text
        ? text.Utf8 : Encoding.UTF8.GetBytes(JsCoercion.ToText(message.Fields.Text.ToJsValue()));
}
