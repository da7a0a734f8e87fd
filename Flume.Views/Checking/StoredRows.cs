using Flume.Views.Rebuilds;
using Flume.Views.Store;

namespace Flume.Views.Checking;

/// <summary>Walks all postings of a snapshot.</summary>
internal static class StoredRows
{
    private const int RestEvery = 65_536;

    /// <summary>Passes every posting to <paramref name="take"/> and returns their number.</summary>
    /// <exception cref="StoreDamagedException">A row does not decode.</exception>
    public static long Walk(
        IViewReader rows, Action<IndexedPosting> take, (CheckPace Pace, Throttle Throttle) pace, CancellationToken stop)
    {
        long count = 0;
        for (int index = 0; index <= byte.MaxValue; index++)
        {
            using PostingCursor cursor = rows.Read((byte)index, PostingRange.All);
            while (cursor.MoveNext())
            {
                take(new IndexedPosting((byte)index, cursor.Current));
                if (++count % RestEvery != 0) continue;
                stop.ThrowIfCancellationRequested();
                pace.Pace.Report(RestEvery);
                pace.Throttle.Rest(stop);
            }
        }

        pace.Pace.Report(count % RestEvery);
        return count;
    }
}
