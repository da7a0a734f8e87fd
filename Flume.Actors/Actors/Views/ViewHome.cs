using System.Globalization;
using Flume.Primitives;
using Flume.Store;
using Flume.Views;

namespace Flume.Actors;

/// <summary>Awaits ViewDirectory and ViewOpener.</summary>
internal sealed class ViewHome(IView view, string directory, StoreResources stores)
{
    private string Pointer => Path.Combine(directory, "current");

    public ViewOpening Open(Offset head)
    {
        Directory.CreateDirectory(directory);
        if (!File.Exists(Pointer)) return new(new MemoryViewStore(), false, "it has no rows yet");
        string current = Path.Combine(directory, File.ReadAllText(Pointer));
        try
        {
            RocksViewStore store = RocksViewStore.Open(current, view.Name, stores);
            Checkpoint at = store.Checkpoint;
            if (at.Version != view.Version)
                return new(store, false, $"its version changed from {at.Version} to {view.Version}") { IsNews = true };
            if (at.Since > head)
                return new(store, false, $"its rows reflect offset {at.Since}, beyond the head {head}") { IsNews = true };
            return new(store, true, null);
        }
        catch (StoreDamagedException damage)
        {
            return new(new MemoryViewStore(), false, damage.Message) { IsNews = true };
        }
    }

    public string NewNext()
    {
        int next = Directory.Exists(directory) ? Directory.GetDirectories(directory).Length : 0;
        string path;
        do path = Path.Combine(directory, (next++).ToString(CultureInfo.InvariantCulture));
        while (Directory.Exists(path));
        return path;
    }

    public IViewStore OpenNext(string path) => RocksViewStore.Open(path, view.Name, stores);

    public void Promote(string path) => File.WriteAllText(Pointer, Path.GetFileName(path));

    public void Drop(string path) => Directory.Delete(path, recursive: true);
}
