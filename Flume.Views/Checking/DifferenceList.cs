using Flume.Views.Store;

namespace Flume.Views.Checking;

/// <summary>Counts the rows that differ and keeps the first ones.</summary>
internal sealed class DifferenceList(int listedMax)
{
    private readonly List<RowDifference> _listed = [];

    /// <summary>The number of differences added.</summary>
    public long Count { get; private set; }

    /// <summary>The first ones, <c>listedMax</c> at most.</summary>
    public IReadOnlyList<RowDifference> Listed => _listed;

    public void Add(RowDifference difference)
    {
        Count++;
        if (_listed.Count < listedMax) _listed.Add(difference);
    }

    /// <summary>
    /// Adds the differences between expected and stored postings of the same records. A missing and an extra posting of
    /// one record and index count as one changed row.
    /// </summary>
    public void Compare(List<IndexedPosting> expected, List<IndexedPosting> found)
    {
        expected.Sort(ByRecord);
        found.Sort(ByRecord);
        List<IndexedPosting> missing = [], extra = [];
        int e = 0, f = 0;
        while (e < expected.Count || f < found.Count)
        {
            int order = e == expected.Count ? 1 : f == found.Count ? -1 : ByRecord(expected[e], found[f]);
            if (order == 0) (e, f) = (e + 1, f + 1);
            else if (order < 0) missing.Add(expected[e++]);
            else extra.Add(found[f++]);
        }

        Pair(missing, extra);
    }

    private void Pair(List<IndexedPosting> missing, List<IndexedPosting> extra)
    {
        int m = 0, x = 0;
        while (m < missing.Count || x < extra.Count)
        {
            int order = m == missing.Count ? 1 : x == extra.Count ? -1 : Place(missing[m]).CompareTo(Place(extra[x]));
            if (order == 0) Add(RowFault.Changed, missing[m++], extra[x++]);
            else if (order < 0) Add(RowFault.Missing, missing[m++], null);
            else Add(RowFault.Extra, null, extra[x++]);
        }
    }

    private void Add(RowFault fault, IndexedPosting? expected, IndexedPosting? found)
    {
        IndexedPosting either = (expected ?? found)!.Value;
        Add(new RowDifference(fault, either.Index, either.Posting.Offset, Text(expected), Text(found)));
    }

    private static (long Offset, byte Index) Place(in IndexedPosting row) => (row.Posting.Offset, row.Index);

    private static int ByRecord(IndexedPosting left, IndexedPosting right)
    {
        int order = Place(left).CompareTo(Place(right));
        return order != 0 ? order : left.Posting.CompareTo(right.Posting);
    }

    private static string? Text(IndexedPosting? row) =>
        row is { } some ? $"{some.Posting.A:x16} {some.Posting.B:x16}" : null;
}
