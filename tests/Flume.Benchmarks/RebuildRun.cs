using Flume.Log;
using Flume.Ssb.Messages;
using Flume.Ssb.Views;
using Flume.Views;
using Flume.Views.Rebuilds;
using Flume.Views.Store;

namespace Flume.Benchmarks;

/// <summary>Rebuilds all views of an identity, as the command line does.</summary>
internal static class RebuildRun
{
    public static async Task RunAsync(Identity identity, int rounds)
    {
        for (int round = 0; round < rounds; round++)
        {
            Meter meter = new();
            using OffsetLog log = identity.OpenLog();
            Unboxer boxes = identity.OpenBoxes();
            using (boxes.Memory)
            {
                RebuildReport report = await OfflineRebuild
                    .RunAsync(log, new SsbFormat(boxes), identity.Views, SsbViews.Catalog.Views).ConfigureAwait(false);
                meter.Print("rebuild", report.Records);
                if (round == 0) Print(report);
            }
        }
    }

    public static void Digest(Identity identity)
    {
        StoreResources resources = new(new StoreLimits());
        foreach (IView view in SsbViews.Catalog.Views)
        {
            using ViewStoreDirectory directory = new(Path.Combine(identity.Views, view.Name), view.Name, resources);
            if (directory.OpenCurrent() is not { } store) continue;
            using IViewReader reader = store.OpenReader();
            Console.WriteLine($"{view.Name,-10} {StoreDump.Digest(reader)}");
        }
    }

    private static void Print(RebuildReport report)
    {
        foreach (RebuiltView view in report.Views)
            Console.WriteLine($"  {view.Name,-10} {view.Rows,10} rows {view.StoreBytes,11} bytes {view.Failure}");
        long stored = report.Views.Sum(view => view.StoreBytes);
        Console.WriteLine($"  all        {100.0 * stored / report.Bytes,10:F1} % of the log");
    }
}
