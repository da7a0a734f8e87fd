using System.Globalization;
using System.Text;

namespace Flume.Views.Store;

/// <summary>A store being built beside the serving one.</summary>
/// <param name="Store">Empty at first; whoever builds fills it.</param>
/// <param name="Reason">Why it is built, in words for the status page.</param>
internal sealed record NextStore(RocksViewStore Store, string Reason);

/// <summary>The folder of one view: numbered stores, and a file that says which of them serves.</summary>
/// <remarks>
/// 1. <c>CURRENT</c> names a store that is whole; it is replaced atomically and only after that store is on disk.
/// 2. A store folder that CURRENT does not name is left over from a crash and may go at any time.
/// 3. This object owns the serving store; a swapped one closes, and its folder goes, when its last reader has left.
/// 4. For one thread at a time; readers may leave on any.
/// 5. Closing a swapped store and deleting its folder can take long, so the owner's hold on it ends on a thread of the
/// pool; <see cref="Dispose"/> waits for that.
/// </remarks>
internal sealed class ViewStoreDirectory : IDisposable
{
    private const string PointerName = "CURRENT";
    private const string StorePrefix = "store-";

    private readonly string _folder;
    private readonly string _view;
    private readonly StoreResources _resources;
    private readonly HashSet<string> _inUse = [];

    /// <summary>The directory of a view; made when missing.</summary>
    internal ViewStoreDirectory(string folder, string view, StoreResources resources)
    {
        _folder = folder;
        _view = view;
        _resources = resources;
        Directory.CreateDirectory(folder);
    }

    /// <summary>The serving store; null before one was opened or promoted.</summary>
    internal RocksViewStore? Current { get; private set; }

    /// <summary>Why the serving store was built; null before one was opened or promoted.</summary>
    internal string? CurrentReason { get; private set; }

    /// <summary>Completes when this has let go of every store that was swapped or abandoned; readers may hold them still.</summary>
    internal Task Retired { get; private set; } = Task.CompletedTask;

    private string PointerPath => Path.Combine(_folder, PointerName);

    /// <summary>Opens the store that serves; null when there is none yet.</summary>
    /// <exception cref="StoreDamagedException">The pointer names no store, or the store does not open.</exception>
    /// <exception cref="IOException">It can't be opened: another process has it, or the disk refuses.</exception>
    internal RocksViewStore? OpenCurrent()
    {
        if (Current is not null) return Current;
        if (ReadPointer() is not var (name, reason)) return null;
        string folder = Path.Combine(_folder, name);
        if (!IsStoreName(name) || !Directory.Exists(folder))
            throw new StoreDamagedException(_folder, PointerName, $"it names '{name}', which is no store here");
        Current = RocksViewStore.Open(folder, _view, _resources);
        CurrentReason = reason;
        SetInUse(folder, true);
        return Current;
    }

    /// <summary>Makes an empty store with the next number, to be filled and then promoted or abandoned.</summary>
    internal NextStore CreateNext(string reason)
    {
        string folder = Path.Combine(
            _folder, string.Create(CultureInfo.InvariantCulture, $"{StorePrefix}{HighestNumber() + 1:D6}"));
        SetInUse(folder, true);
        return new NextStore(RocksViewStore.Open(folder, _view, _resources), OneLine(reason));
    }

    /// <summary>Makes a filled store the serving one; from here on a crash leaves the new one.</summary>
    internal void Promote(NextStore next)
    {
        next.Store.Flush();
        string name = Path.GetFileName(next.Store.Folder);
        DurableFile.Replace(PointerPath, Encoding.UTF8.GetBytes($"{name}\n{next.Reason}\n"));
        RocksViewStore? old = Current;
        Current = next.Store;
        CurrentReason = next.Reason;
        if (old is not null) Retire(old);
    }

    /// <summary>Gives up a store that was not promoted, and removes it.</summary>
    internal void Abandon(NextStore next) => Retire(next.Store);

    /// <summary>Lets nothing serve any more: the pointer goes, and the store with its last reader.</summary>
    internal void Clear()
    {
        File.Delete(PointerPath);
        if (Current is { } served) Retire(served);
        Current = null;
        CurrentReason = null;
        Retired.Wait();
    }

    /// <summary>Removes what a crash or a cancelled rebuild left; returns the names.</summary>
    internal IReadOnlyList<string> CleanOrphans()
    {
        var removed = new List<string>();
        string? current = ReadPointer()?.Name;
        foreach (string folder in Directory.GetDirectories(_folder, StorePrefix + "*"))
        {
            string name = Path.GetFileName(folder);
            if (name == current || IsInUse(folder)) continue;
            Directory.Delete(folder, recursive: true);
            removed.Add(name);
        }

        foreach (string file in Directory.GetFiles(_folder, "*" + DurableFile.TemporarySuffix))
        {
            File.Delete(file);
            removed.Add(Path.GetFileName(file));
        }

        return removed;
    }

    /// <summary>Closes the serving store once its last reader has left, and those that it replaced.</summary>
    public void Dispose()
    {
        Current?.Dispose();
        Current = null;
        Retired.Wait();
    }

    private void Retire(RocksViewStore store)
    {
        store.Closed = () => Remove(store.Folder);
        Retired = Task.WhenAll(Retired, Task.Run(store.Dispose));
    }

    // Runs on the thread of whoever left last, who can do nothing about a disk that refuses; the next start cleans up.
    // A promotion that failed only when it synced the folder has changed the pointer: its store must stay.
    private void Remove(string folder)
    {
        try
        {
            if (ReadPointer()?.Name != Path.GetFileName(folder)) Directory.Delete(folder, recursive: true);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
        }

        SetInUse(folder, false);
    }

    /// <summary>What the pointer in a view's folder names, whether or not that is a store; null without a pointer.</summary>
    internal static string? PointerOf(string folder) => Read(Path.Combine(folder, PointerName))?.Name;

    private (string Name, string Reason)? ReadPointer() => Read(PointerPath);

    private static (string Name, string Reason)? Read(string pointer)
    {
        if (!File.Exists(pointer)) return null;
        string[] lines = File.ReadAllLines(pointer);
        return lines.Length == 0 ? ("", "") : (lines[0], lines.Length > 1 ? lines[1] : "");
    }

    private long HighestNumber()
    {
        long highest = 0;
        foreach (string folder in Directory.GetDirectories(_folder, StorePrefix + "*"))
            if (IsStoreName(Path.GetFileName(folder))) highest = Math.Max(highest, Number(Path.GetFileName(folder)));
        return highest;
    }

    private static bool IsStoreName(string name) =>
        name.StartsWith(StorePrefix, StringComparison.Ordinal)
        && long.TryParse(name.AsSpan(StorePrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private static long Number(string name) =>
        long.Parse(name.AsSpan(StorePrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture);

    // Most reasons are one line, and to look for what else ends one takes tables that are made at first use.
    private static string OneLine(string reason) =>
        reason.AsSpan().IndexOfAny('\n', '\r') < 0 ? reason : reason.ReplaceLineEndings(" ");

    private bool IsInUse(string folder)
    {
        lock (_inUse) return _inUse.Contains(folder);
    }

    private void SetInUse(string folder, bool inUse)
    {
        lock (_inUse)
        {
            if (inUse) _inUse.Add(folder);
            else _inUse.Remove(folder);
        }
    }
}
