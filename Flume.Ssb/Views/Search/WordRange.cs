using System.Buffers.Binary;
using System.Text;
using Flume.Views.Store;

namespace Flume.Ssb.Views.Search;

/// <summary>The posting ranges of word prefixes. A is the value of <see cref="WordPrefixes"/>.</summary>
internal static class WordRange
{
    /// <summary>
    /// The range of every word that starts with a term. It is exact for a term within the prefix length.
    /// </summary>
    internal static PostingRange Of(string term)
    {
        Span<byte> low = stackalloc byte[WordPrefixes.PrefixLength], high = stackalloc byte[WordPrefixes.PrefixLength];
        low.Clear();
        high.Fill(0xFF);
        int length = Math.Min(WordPrefixes.PrefixLength, term.Length);
        Encoding.ASCII.GetBytes(term.AsSpan(0, length), low);
        Encoding.ASCII.GetBytes(term.AsSpan(0, length), high);
        return PostingRange.Between(new Posting(BinaryPrimitives.ReadUInt64BigEndian(low), 0, 0),
            new Posting(BinaryPrimitives.ReadUInt64BigEndian(high), ulong.MaxValue, long.MaxValue));
    }
}
