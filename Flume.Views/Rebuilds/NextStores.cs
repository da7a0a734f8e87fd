using Flume.Log.Primitives;
using Flume.Views.Records;
using Flume.Views.Store;

namespace Flume.Views.Rebuilds;

/// <summary>
/// The next stores of several views. They open and promote concurrently, because both mostly wait for the disk.
/// </summary>
/// <remarks>The stores open during the scan. They are needed only when the rows are packed.</remarks>
internal sealed class NextStores : IDisposable
{
    private readonly CancellationTokenSource _failed = new();
    private readonly Lazy<StoreResources> _resources = new(() => new StoreResources(new StoreLimits()));
    private readonly string _folder;
    private readonly string _reason;
    private readonly string _reader;
    private readonly Task<RocksViewStore>[] _opening;
    private readonly ViewStoreDirectory?[] _directories;
    private readonly NextStore?[] _next;

    /// <summary>Starts to open one store per view, after deleting the leftovers of a crash.</summary>
    /// <param name="folder">The folder that contains one folder per view.</param>
    /// <param name="views">The views to build.</param>
    /// <param name="reason">The reason for the build.</param>
    /// <param name="reader">The key pair that the records are decoded with (<see cref="RecordFormat.Reader"/>).</param>
    internal NextStores(string folder, IReadOnlyList<IView> views, string reason, string reader)
    {
        (_folder, _reason, _reader) = (folder, reason, reader);
        _directories = new ViewStoreDirectory?[views.Count];
        _next = new NextStore?[views.Count];
        _opening = new Task<RocksViewStore>[views.Count];
        for (int i = 0; i < _opening.Length; i++)
        {
            int at = i;
            _opening[i] = DedicatedThread.Start(() => Open(at, views[at].Name));
        }
    }

    /// <summary>Cancelled when a store fails to open. The scan stops then.</summary>
    internal CancellationToken Failed => _failed.Token;

    /// <summary>The next store of a view; completes when it is open.</summary>
    internal Task<RocksViewStore> this[int index] => _opening[index];

    /// <summary>Throws the failure of a store, if any.</summary>
    internal void ThrowFailure()
    {
        foreach (Task<RocksViewStore> opening in _opening) opening.GetAwaiter().GetResult();
    }

    /// <summary>
    /// Promotes the filled stores, deletes the other and the former stores, and closes all. Returns the size in bytes
    /// of each filled store.
    /// </summary>
    internal long[] Promote(Func<int, bool> isFilled)
    {
        var bytes = new long[_directories.Length];
        OnEach(i =>
        {
            ViewStoreDirectory directory = _directories[i]!;
            if (isFilled(i))
            {
                directory.Promote(_next[i]!);
                bytes[i] = _next[i]!.Store.SizeBytes;
                _next[i] = null;
            }

            Abandon(i);
            directory.CleanOrphans(); // deletes the former serving store, which is not open here
            directory.Dispose();
        });
        return bytes;
    }

    /// <summary>Closes the directories and deletes the stores that were not promoted.</summary>
    public void Dispose()
    {
        foreach (Task<RocksViewStore> opening in _opening) DedicatedThread.AwaitEnd(opening);
        for (int i = 0; i < _directories.Length; i++)
        {
            Abandon(i);
            _directories[i]?.Dispose();
        }

        _failed.Dispose();
    }

    private RocksViewStore Open(int index, string view)
    {
        try
        {
            ViewStoreDirectory directory = new(Path.Combine(_folder, view), view, _resources.Value, _reader);
            _directories[index] = directory;
            directory.CleanOrphans();
            return (RocksViewStore)(_next[index] = directory.CreateNext(_reason)).Store;
        }
        catch
        {
            _failed.Cancel();
            throw;
        }
    }

    private void Abandon(int index)
    {
        if (_next[index] is not { } next) return;
        _next[index] = null;
        _directories[index]!.Abandon(next);
    }

    private void OnEach(Action<int> work)
    {
        var tasks = new Task[_directories.Length];
        for (int i = 0; i < tasks.Length; i++)
        {
            int at = i;
            tasks[i] = DedicatedThread.Start(() => work(at));
        }

        foreach (Task task in tasks) task.GetAwaiter().GetResult();
    }
}
