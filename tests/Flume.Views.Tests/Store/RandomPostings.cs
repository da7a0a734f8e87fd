using Flume.Log.Primitives;
using Flume.Views.Store;

namespace Flume.Views.Tests.Store;

/// <summary>Random records with typical postings: unique keys, few authors, times, sequences.</summary>
internal sealed class RandomPostings(Random random)
{
    private readonly ulong[] _authors = Enumerable.Range(0, 7).Select(_ => (ulong)random.NextInt64()).ToArray();
    private double _time = 1_500_000_000_000;

    /// <summary>The indexes of the postings, and one unused index.</summary>
    public static IEnumerable<byte> Indexes => [0, 1, 2, 3, 9, 255];

    public IEnumerable<(byte Index, Posting Posting)> OfRecord(long offset)
    {
        _time += random.Next(-3_000, 10_000);
        ulong author = Author();
        yield return (0, new Posting(Any(), 0, offset));
        yield return (1, new Posting(author, SortKey.Of(_time), offset));
        yield return (2, new Posting(0, SortKey.Of(_time), offset));
        for (int link = random.Next(0, 4); link > 0; link--)
            yield return (3, new Posting(Author(), (ulong)random.Next(0, 5), offset));
        if (random.Next(10) == 0) yield return (255, new Posting(Any(), Any(), offset));
    }

    private ulong Author() => _authors[random.Next(_authors.Length)];

    private ulong Any() => ((ulong)random.NextInt64() * 2) + (ulong)random.Next(2);
}
