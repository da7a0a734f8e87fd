using Flume.Views;
using Flume.Views.Indexing;

namespace Flume.Actors;

internal sealed partial class ViewProcessor
{
    /// <summary>A view is far behind when this part of the bytes of one commit is left.</summary>
    private const int FarPart = 8;

    /// <summary>
    /// Many runs and one commit, for a view whose store writes less for one large commit than for many small ones.
    /// </summary>
    /// <returns>The records it took; 0 when the view has no such steps or is not far behind.</returns>
    private int AdvanceFar(ViewIndexer indexer)
    {
        if (serving.View is not IOwnStoreView { CatchUp: { } limit }) return 0;
        if (_log.EndPosition - Math.Max(0, indexer.Since.Value) < limit.BytesMax / FarPart) return 0;
        long start = context.Time.GetTimestamp(), begin = indexer.Since.Value;
        TimeSpan most = limit.TimeMax * serving.Tracker.OperatorState.Budget.Share;
        RunLimits run = new(EntriesForStep(context.Settings.Views.StepEntriesMax), context.Settings.Views.StepBytesMax);
        int records = 0, recordsMax = EntriesForStep(limit.RecordsMax);
        try
        {
            while (records < recordsMax && indexer.Applied.Value - begin < limit.BytesMax
                && (records == 0 || context.Time.GetElapsedTime(start) < most))
            {
                int more = Advance(indexer, run, holds: true);
                if (more == 0) break;
                records += more;
            }
        }
        finally
        {
            // A record that can't be read leaves those before it applied.
            if (ReferenceEquals(indexer, _servingIndexer)) GuardServing(indexer.CommitHeld);
            else indexer.CommitHeld();
        }

        return records;
    }
}
