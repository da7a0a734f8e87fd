using Flume.Log;
using Flume.Views;
using Flume.Views.Rebuilds;
using Flume.Views.Store;

namespace Flume.Actors;

/// <summary>
/// Owns the stores of one view: the serving one, and fresh ones until they are promoted or abandoned.
/// </summary>
/// <remarks>
/// The ViewActor and the RebuildActor use it. Any thread may call it. A store closes after its last reader.
/// </remarks>
internal sealed class ViewStores(IView view, ViewStorePlace at, StoreResources stores)
{
    private readonly Lock _lock = new();
    private IView _view = view;
    private readonly HashSet<NextStore> _fresh = [];
    private IViewStoreFactory? _directory;

    /// <summary>The view that the rows belong to.</summary>
    public IView View
    {
        get { lock (_lock) return _view; }
    }

    /// <summary>
    /// Replaces the view by another version of it; the next <see cref="Open"/> inspects the rows again.
    /// </summary>
    public void ReplaceView(IView next)
    {
        lock (_lock) _view = next;
    }

    /// <summary>Opens the serving store; a view without readable rows serves empty ones.</summary>
    public ViewStoreOpening Open(OffsetLog log)
    {
        lock (_lock)
        {
            OpenedView opened = ViewOpener.Open(_view, Directory, log);
            // Rows of records that the log has lost must not be served.
            bool isReadable = opened.Store is { } found && found.Checkpoint.Since <= log.Head
                && opened.Reason is not { IsOtherLog: true };
            IViewStore store = isReadable ? opened.Store! : new MemoryViewStore();
            return new(store, opened.Reason is null, opened.Reason?.Text)
            {
                ShouldReport = opened.Reason?.ShouldReport ?? false,
            };
        }
    }

    /// <summary>Makes an empty store beside the serving one, to be promoted or abandoned.</summary>
    public NextStore CreateNext(string reason)
    {
        lock (_lock)
        {
            NextStore next = Directory.CreateNext(reason);
            _fresh.Add(next);
            return next;
        }
    }

    /// <summary>Leases the serving rows of all records before an offset; such rows must exist.</summary>
    public RetainedPostings Retain(Offset from)
    {
        lock (_lock)
        {
            IViewStore serving = Directory.OpenCurrent()
                ?? throw new InvalidOperationException(
                    $"View '{_view.Name}' has no rows to retain up to offset {from}.");
            return new RetainedPostings(serving.OpenReader(), from);
        }
    }

    /// <summary>Makes a filled store the serving one, durably.</summary>
    public void Promote(NextStore next)
    {
        lock (_lock)
        {
            Directory.Promote(next);
            _fresh.Remove(next);
        }
    }

    /// <summary>Removes a fresh store; no effect when it is already promoted or removed.</summary>
    public void Abandon(NextStore next)
    {
        lock (_lock)
        {
            if (_fresh.Remove(next)) Directory.Abandon(next);
        }
    }

    /// <summary>Closes the serving store; fresh stores stay open, because a rebuild may fill them.</summary>
    /// <remarks>The directory object stays: it records which folders are in use and are not leftovers.</remarks>
    public void CloseServing()
    {
        lock (_lock) _directory?.Dispose();
    }

    /// <summary>Closes all stores and removes the fresh ones. No rebuild may fill one.</summary>
    public void Close()
    {
        lock (_lock)
        {
            foreach (NextStore next in _fresh) Directory.Abandon(next);
            _fresh.Clear();
            _directory?.Dispose();
            _directory = null;
        }
    }

    /// <summary>Removes all rows after the last reader has left.</summary>
    public void Clear()
    {
        lock (_lock) Directory.Clear();
    }

    private IViewStoreFactory Directory => _directory ??= _view is IOwnStoreView own
        ? own.StoresIn(at)
        : new ViewStoreDirectory(at.Folder, _view.Name, stores, at.Feed ?? "");
}
