using Flume.Views.Store;
using Xunit;

namespace Flume.Views.Tests.Store;

/// <summary>
/// Compares a reader with the model: whole indexes, random ranges in both directions, counts and seeks.
/// </summary>
internal sealed class ReaderChecks(PostingModel model, IViewReader reader, Random random)
{
    private const int Rounds = 25;

    public void AssertReadsLike()
    {
        foreach (byte index in RandomPostings.Indexes)
        {
            List<Posting> all = model.Read(index, PostingRange.All);
            AssertRange(index, PostingRange.All);
            for (int round = 0; round < Rounds && all.Count > 0; round++)
            {
                PostingRange range = RandomRange(all);
                AssertRange(index, range);
                AssertSeeks(index, range, all);
            }
        }
    }

    private void AssertRange(byte index, PostingRange range)
    {
        List<Posting> expected = model.Read(index, range);
        AssertSame(expected, Read(reader.Read(index, range), []));
        Assert.Equal(expected.Count, reader.Count(index, range));
        AssertSame(model.Read(index, range, reverse: true), Read(reader.Read(index, range, reverse: true), []));
    }

    private void AssertSeeks(byte index, PostingRange range, List<Posting> all)
    {
        bool reverse = random.Next(2) == 0;
        var seeks = new List<(int At, Posting To)>();
        for (int i = random.Next(1, 6); i > 0; i--)
        {
            Posting near = all[random.Next(all.Count)];
            seeks.Add((random.Next(0, 5), near with { B = near.B + (ulong)random.Next(0, 2) }));
        }

        List<Posting> expected = model.ReadSeeking(index, range, reverse, seeks);
        AssertSame(expected, Read(reader.Read(index, range, reverse), seeks));
    }

    private static void AssertSame(List<Posting> expected, List<Posting> found)
    {
        for (int i = 0; i < Math.Min(expected.Count, found.Count); i++)
            if (expected[i] != found[i]) Assert.Fail($"posting {i}: expected {expected[i]}, found {found[i]}");
        Assert.Equal(expected.Count, found.Count);
    }

    private static List<Posting> Read(PostingCursor cursor, List<(int At, Posting To)> seeks)
    {
        using PostingCursor mine = cursor;
        var found = new List<Posting>();
        for (int move = 0; ; move++)
        {
            foreach ((int at, Posting to) in seeks)
                if (at == move) mine.SeekTo(to.A, to.B);
            if (!mine.MoveNext()) return found;
            found.Add(mine.Current);
        }
    }

    private PostingRange RandomRange(List<Posting> all)
    {
        Posting one = all[random.Next(all.Count)], other = all[random.Next(all.Count)];
        return random.Next(5) switch
        {
            0 => PostingRange.Exact(one.A),
            1 => PostingRange.Exact(one.A, Math.Min(one.B, other.B), Math.Max(one.B, other.B)),
            2 => PostingRange.Exact(one.A, one.B),
            3 => PostingRange.Between(one with { Offset = one.Offset + 1 }, other),
            _ => one < other ? PostingRange.Between(one, other) : PostingRange.Between(other, one),
        };
    }
}
