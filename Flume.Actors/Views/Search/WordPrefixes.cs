using System.Buffers.Binary;
using System.Text;
using Flume.Store;

namespace Flume.Views.Search;

/// <summary>Walks the words of a text, lower-cased, as the first eight bytes of each in big-endian order.</summary>
/// <remarks>
/// A word is a run of ASCII letters, digits and underscores, three or more (npm flumeview-search's <c>/\w+/</c>).
/// A <c>separator</c> ends words, too, though it belongs to that run.
/// Words that come again are given again: a store holds equal postings once.
/// </remarks>
internal ref struct WordPrefixes(ReadOnlySpan<byte> text, byte separator = 0)
{
    /// <summary>Shorter words are not indexed.</summary>
    internal const int LengthMin = 3;

    /// <summary>How many bytes of a word are indexed.</summary>
    internal const int PrefixLength = 8;

    private readonly ReadOnlySpan<byte> _text = text;
    private int _at;

    /// <summary>The word that <see cref="MoveNext"/> came to.</summary>
    public ulong Current { get; private set; }

    /// <summary>The whole of that word, as the text has it.</summary>
    public ReadOnlySpan<byte> Word { get; private set; }

    /// <summary>This very walk.</summary>
    public readonly WordPrefixes GetEnumerator() => this;

    /// <summary>Goes to the next word; false at the end.</summary>
    public bool MoveNext()
    {
        ReadOnlySpan<byte> fold = Fold;
        while (_at < _text.Length)
        {
            ulong prefix = 0;
            int length = 0, start = _at;
            for (byte c; _at < _text.Length && (c = fold[_text[_at]]) != 0 && c != separator; _at++, length++)
                if (length < PrefixLength) prefix |= (ulong)c << (56 - 8 * length);
            _at++;
            if (length < LengthMin) continue;
            Current = prefix;
            Word = _text.Slice(start, length);
            return true;
        }
        return false;
    }

    /// <summary>The postings of every word that starts with a term, where A is such a prefix.</summary>
    internal static PostingRange Range(string term)
    {
        Span<byte> low = stackalloc byte[PrefixLength], high = stackalloc byte[PrefixLength];
        low.Clear();
        high.Fill(0xFF);
        int length = Math.Min(PrefixLength, term.Length);
        Encoding.ASCII.GetBytes(term.AsSpan(0, length), low);
        Encoding.ASCII.GetBytes(term.AsSpan(0, length), high);
        return PostingRange.Between(new Posting(BinaryPrimitives.ReadUInt64BigEndian(low), 0, 0),
            new Posting(BinaryPrimitives.ReadUInt64BigEndian(high), ulong.MaxValue, long.MaxValue));
    }

    /// <summary>The lower-case form of each byte that belongs to a word, 0 for the others.</summary>
    private static ReadOnlySpan<byte> Fold => FoldTable;

    private static readonly byte[] FoldTable = MakeFold();

    private static byte[] MakeFold()
    {
        byte[] fold = new byte[256];
        for (int c = '0'; c <= '9'; c++) fold[c] = (byte)c;
        for (int c = 'a'; c <= 'z'; c++) fold[c] = fold[c - 32] = (byte)c;
        fold['_'] = (byte)'_';
        return fold;
    }
}
