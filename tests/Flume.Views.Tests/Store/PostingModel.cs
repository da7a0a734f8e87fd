using Flume.Views.Store;

namespace Flume.Views.Tests.Store;

/// <summary>A reference model of a store, made of sorted sets.</summary>
internal sealed class PostingModel
{
    private readonly SortedDictionary<byte, SortedSet<Posting>> _indexes = [];

    public void Add(byte index, Posting posting)
    {
        if (!_indexes.TryGetValue(index, out SortedSet<Posting>? set)) _indexes[index] = set = [];
        set.Add(posting);
    }

    public List<Posting> Read(byte index, PostingRange range, bool reverse = false)
    {
        var found = new List<Posting>();
        if (!range.IsEmpty && _indexes.TryGetValue(index, out SortedSet<Posting>? set))
            found.AddRange(set.GetViewBetween(range.Low, range.High));
        if (reverse) found.Reverse();
        return found;
    }

    /// <summary>The postings that a cursor returns with seeks between its moves.</summary>
    public List<Posting> ReadSeeking(byte index, PostingRange range, bool reverse, List<(int At, Posting To)> seeks)
    {
        List<Posting> all = Read(index, range, reverse);
        var found = new List<Posting>();
        int next = 0;
        for (int move = 0; ; move++)
        {
            foreach ((int at, Posting to) in seeks)
            {
                if (at != move) continue;
                while (next < all.Count && IsBefore(all[next], to, reverse)) next++;
            }

            if (next >= all.Count) return found;
            found.Add(all[next++]);
        }
    }

    private static bool IsBefore(Posting posting, Posting target, bool reverse) => reverse
        ? posting.CompareTo(target with { Offset = long.MaxValue }) > 0
        : posting.CompareTo(target with { Offset = 0 }) < 0;
}
