using System.Diagnostics;
using Flume.Log;
using Flume.Ssb.Messages;
using Flume.Ssb.Views;
using Flume.Views;
using Flume.Views.Indexing;
using Flume.Views.Store;

namespace Flume.Benchmarks;

/// <summary>The small path of live appends: each view applies and commits a few records at a time.</summary>
internal static class LiveRun
{
    public static void Run(Identity identity, int most)
    {
        using OffsetLog log = identity.OpenLog();
        int records = (int)Math.Min(most, LogRuns.Offsets(log).Length);
        foreach (int batch in (int[])[1, 10, 100, 1000]) Run(identity, records, batch);
    }

    private static void Run(Identity identity, int records, int batch)
    {
        string folder = Directory.CreateTempSubdirectory("flume-live-").FullName;
        StoreResources resources = new(new StoreLimits());
        using OffsetLog log = identity.OpenLog();
        Unboxer boxes = identity.OpenBoxes();
        using (boxes.Memory)
        {
            DecodedBatches runs = new(log, new SsbFormat(boxes));
            RocksViewStore[] stores = [.. SsbViews.Catalog.Views
                .Select(view => RocksViewStore.Open(Path.Combine(folder, view.Name), view.Name, resources))];
            ViewIndexer[] indexers =
                [.. SsbViews.Catalog.Views.Select((view, i) => new ViewIndexer(view, stores[i]))];
            List<double> stepMs = [];
            Meter meter = new();
            for (int done = 0; done < records; done += batch) stepMs.Add(Step(runs, indexers, batch));
            meter.Print($"live by {batch}", records);
            stepMs.Sort();
            double half = stepMs[stepMs.Count / 2], most = stepMs[stepMs.Count * 99 / 100];
            Console.WriteLine($"  all views p50 {half:F2} ms, p99 {most:F2} ms");
            foreach (RocksViewStore store in stores) store.Dispose();
        }

        Directory.Delete(folder, recursive: true);
    }

    private static double Step(DecodedBatches runs, ViewIndexer[] indexers, int batch)
    {
        long start = Stopwatch.GetTimestamp();
        foreach (ViewIndexer indexer in indexers)
        {
            using DecodedBatch? run = runs.Take(indexer.Since, new RunLimits(batch, long.MaxValue));
            if (run is not null) indexer.Step(run);
        }

        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
