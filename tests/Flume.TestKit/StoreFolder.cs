using Flume.Log;
using Flume.Ssb.Messages;
using Flume.Views;
using Flume.Views.Rebuilds;
using Flume.Views.Store;

namespace Flume.TestKit;

/// <summary>One store on disk in a temporary folder.</summary>
internal sealed class StoreFolder : IDisposable
{
    private static readonly StoreResources Resources = new(new StoreLimits());
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flume-view-");
    private readonly IView _view;

    public StoreFolder(IView view)
    {
        _view = view;
        Store = Open();
    }

    public RocksViewStore Store { get; private set; }

    public void Reopen()
    {
        Store.Dispose();
        Store = Open();
    }

    public void Rebuild(OffsetLog log, Unboxer? boxes) => Rebuild(log, boxes, (_view, this));

    /// <summary>Builds several views in one scan.</summary>
    public static BulkResult Rebuild(OffsetLog log, Unboxer? boxes, params (IView View, StoreFolder Into)[] targets) =>
        BulkIndexer.RunAsync(new BulkRequest(
            log, new SsbFormat(boxes), [.. targets.Select(target => new BulkTarget(target.View, target.Into.Store))])).GetAwaiter().GetResult();

    public StoreDigest Digest()
    {
        using IViewReader reader = Store.OpenReader();
        return StoreDump.Digest(reader);
    }

    public void Dispose()
    {
        Store.Dispose();
        _folder.Delete(recursive: true);
    }

    private RocksViewStore Open() => RocksViewStore.Open(Path.Combine(_folder.FullName, "store"), _view.Name, Resources);
}
