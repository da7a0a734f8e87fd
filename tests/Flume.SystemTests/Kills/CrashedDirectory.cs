using System.Text;
using Flume.Log;
using Flume.Query.Json;
using Flume.Ssb.Messages;
using Flume.Ssb.Views;
using Flume.Views;
using Flume.Views.Rebuilds;
using Flume.Views.Store;

namespace Flume.SystemTests.Kills;

/// <summary>Looks into a data directory that nobody serves: what the log holds, and whether each view is the fold of it.</summary>
internal sealed class CrashedDirectory(string data, string identity)
{
    private string Folder => Path.Combine(data, "identities", identity);

    /// <summary>Every record of the log by offset: the number that the test gave it.</summary>
    internal Dictionary<long, int> Records()
    {
        using OffsetLog log = OffsetLog.Open(Path.Combine(Folder, "log.offset"));
        Dictionary<long, int> records = [];
        for (LogCursor cursor = log.Read(LogRange.All); cursor.MoveNext();)
        {
            JsValue value = JsValue.ParseWhole(cursor.Current.Payload);
            records.Add(cursor.Current.Offset.Value, (int)value["n"].AsNumber);
        }
        return records;
    }

    /// <summary>Checks that every view that stands at the head holds exactly what a fresh rebuild gives.</summary>
    internal async Task ViewsEqualARebuildAsync()
    {
        string fresh = Path.Combine(data, "fresh");
        using OffsetLog log = OffsetLog.Open(Path.Combine(Folder, "log.offset"));
        string secret = Path.Combine(Folder, "secret");
        Unboxer? boxes = File.Exists(secret) ? new Unboxer(SecretFile.Read(secret)) : null;
        RebuildReport report = await OfflineRebuild.RunAsync(log, new SsbFormat(boxes), fresh, SsbViews.Catalog.Views);
        Assert.All(report.Views, view => Assert.Null(view.Failure));
        foreach (IView view in SsbViews.Catalog.Views)
        {
            (Offset since, string served) = Digest(Path.Combine(Folder, "views", view.Name), view.Name);
            Assert.Equal(log.Head, since);
            Assert.Equal((view.Name, Digest(Path.Combine(fresh, view.Name), view.Name).Hash), (view.Name, served));
        }
        Directory.Delete(fresh, recursive: true);
    }

    private static (Offset Since, string Hash) Digest(string folder, string view)
    {
        using ViewStoreDirectory directory = new(folder, view, new StoreResources(new StoreLimits()));
        RocksViewStore store = directory.OpenCurrent() ?? throw new InvalidOperationException($"View {view} has no store.");
        using IViewReader reader = store.OpenReader();
        return (reader.Checkpoint.Since, StoreDump.Digest(reader).Hash);
    }
}
