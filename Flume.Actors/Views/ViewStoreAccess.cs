using Flume.Log;
using Flume.Views;
using Flume.Views.Rebuilds;
using Flume.Views.Store;

namespace Flume.Actors;

/// <summary>The folder of one view's stores, for the two actors that use it: the view's own and the one that rebuilds.</summary>
/// <remarks>
/// All members may be called from any thread. The serving store belongs to the folder: it closes when it is replaced or
/// when <see cref="Close"/> is called, and then behind its last reader.
/// </remarks>
internal sealed class ViewStoreAccess(IView view, string folder, StoreResources stores)
{
    private readonly Lock _lock = new();
    private IView _view = view;
    private ViewStoreDirectory? _directory;

    /// <summary>The view whose rows these are, or were.</summary>
    public IView View
    {
        get { lock (_lock) return _view; }
    }

    /// <summary>Holds another version of the view from now on: what is stored is looked at anew.</summary>
    public void Become(IView next)
    {
        lock (_lock) _view = next;
    }

    /// <summary>Opens what serves; a view without readable rows serves empty ones.</summary>
    public ViewStoreOpening Open(Offset head)
    {
        lock (_lock)
        {
            OpenedView opened = ViewOpener.Open(_view, Directory, head);
            // Rows of records that are in the log no more answer nothing.
            bool isReadable = opened.Store is { } found && found.Checkpoint.Since <= head;
            IViewStore store = isReadable ? opened.Store! : new MemoryViewStore();
            return new(store, opened.Reason is null, opened.Reason?.Text) { IsNews = opened.Reason?.IsNews ?? false };
        }
    }

    /// <summary>Makes an empty store beside the serving one.</summary>
    public NextStore CreateNext(string reason)
    {
        lock (_lock) return Directory.CreateNext(reason);
    }

    /// <summary>The serving rows of all records before an offset; there must be such rows.</summary>
    public RetainedPostings Keep(Offset from)
    {
        lock (_lock)
        {
            RocksViewStore serving = Directory.Current
                ?? throw new InvalidOperationException($"View '{_view.Name}' has no rows to keep up to offset {from}.");
            return new RetainedPostings(serving.OpenReader(), from);
        }
    }

    /// <summary>Lets a filled store serve, now and after a restart.</summary>
    public void Promote(NextStore next)
    {
        lock (_lock) Directory.Promote(next);
    }

    /// <summary>Gives up a store that does not serve, and removes it.</summary>
    public void Abandon(NextStore next)
    {
        lock (_lock) Directory.Abandon(next);
    }

    /// <summary>Closes the serving store.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _directory?.Dispose();
            _directory = null;
        }
    }

    /// <summary>Removes the rows, once nobody reads them: the view is gone.</summary>
    public void Clear()
    {
        lock (_lock) Directory.Clear();
    }

    private ViewStoreDirectory Directory => _directory ??= new ViewStoreDirectory(folder, _view.Name, stores);
}
