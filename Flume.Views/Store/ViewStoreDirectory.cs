using System.Globalization;
using System.Text;
using Flume.Log;
using Flume.Log.Primitives;

namespace Flume.Views.Store;

/// <summary>The folder of one view: numbered stores, and a file that names the serving one.</summary>
/// <remarks>
/// 1. <c>CURRENT</c> names a complete store. It is replaced atomically, after that store is on disk.
/// 2. A store folder that CURRENT does not name is from a crash. It can be deleted at any time.
/// 3. This object owns the serving store. A replaced store closes, and its folder is deleted, after its last reader
///    is disposed.
/// 4. Not thread-safe. Readers may be disposed on any thread.
/// 5. CURRENT has three lines: the store, the reason of its build, and the id of the key pair that its rows were
///    decoded with (empty for none; missing in files of earlier versions).
/// 6. Closing a replaced store and deleting its folder can take long. So the owner releases it on a thread of the
///    pool. <see cref="Dispose"/> waits for that.
/// </remarks>
internal sealed class ViewStoreDirectory : IViewStoreFactory
{
    private const string PointerName = "CURRENT";
    private const string StorePrefix = "store-";

    private readonly string _folder;
    private readonly string _view;
    private readonly StoreResources _resources;
    private readonly string _reader;
    private readonly HashSet<string> _inUse = [];
    private string? _currentReader;

    /// <summary>Opens the directory of a view, and creates it if it is missing.</summary>
    internal ViewStoreDirectory(string folder, string view, StoreResources resources, string reader = "")
    {
        _folder = folder;
        _view = view;
        _resources = resources;
        _reader = reader;
        OwnerFile.CreateFolder(folder);
    }

    /// <summary>The serving store; null before one was opened or promoted.</summary>
    internal RocksViewStore? Current { get; private set; }

    /// <summary>Why the serving store was built; null before one was opened or promoted.</summary>
    internal string? CurrentReason { get; private set; }

    /// <summary>
    /// Completes when the owner has released all replaced or abandoned stores. Readers may still hold them.
    /// </summary>
    internal Task Retired { get; private set; } = Task.CompletedTask;

    private string PointerPath => Path.Combine(_folder, PointerName);

    /// <summary>Opens the serving store; null if there is none.</summary>
    /// <exception cref="StoreDamagedException">CURRENT names no store, or the store does not open.</exception>
    /// <exception cref="IOException">Another process holds the store, or the file system fails.</exception>
    internal RocksViewStore? OpenCurrent()
    {
        if (Current is not null) return Current;
        if (ReadPointer() is not var (name, reason, reader)) return null;
        string folder = Path.Combine(_folder, name);
        if (!IsStoreName(name) || !Directory.Exists(folder))
            throw new StoreDamagedException(_folder, PointerName, $"it names '{name}', but no such store exists");
        Current = RocksViewStore.Open(folder, _view, _resources);
        CurrentReason = reason;
        _currentReader = reader;
        SetInUse(folder, true);
        return Current;
    }

    IViewStore? IViewStoreFactory.OpenCurrent() => OpenCurrent();

    /// <inheritdoc/>
    public string? WhyRebuild(IViewStore current, Offset head) =>
        _currentReader is not { } former || former == _reader || !current.Checkpoint.Since.IsSome ? null
            : $"its rows were decoded {With(former)}, and the identity is read {With(_reader)}";

    /// <summary>
    /// Creates an empty store with the next number. The caller fills it, then promotes or abandons it.
    /// </summary>
    public NextStore CreateNext(string reason)
    {
        string folder = Path.Combine(
            _folder, string.Create(CultureInfo.InvariantCulture, $"{StorePrefix}{HighestNumber() + 1:D6}"));
        SetInUse(folder, true);
        return new NextStore(RocksViewStore.Open(folder, _view, _resources), OneLine(reason));
    }

    /// <summary>Makes a filled store the serving one. A later crash keeps the new store.</summary>
    public void Promote(NextStore next)
    {
        var filled = (RocksViewStore)next.Store;
        filled.Flush();
        string name = Path.GetFileName(filled.Folder);
        OwnerFile.Replace(PointerPath, Encoding.UTF8.GetBytes($"{name}\n{next.Reason}\n{_reader}\n"));
        RocksViewStore? old = Current;
        Current = filled;
        CurrentReason = next.Reason;
        _currentReader = _reader;
        if (old is not null) Retire(old);
    }

    /// <summary>Removes a store that was not promoted.</summary>
    public void Abandon(NextStore next) => Retire((RocksViewStore)next.Store);

    /// <summary>
    /// Deletes CURRENT and retires the serving store. Its files are deleted after its last reader is disposed.
    /// </summary>
    public void Clear()
    {
        File.Delete(PointerPath);
        if (Current is { } served) Retire(served);
        Current = null;
        CurrentReason = null;
        Retired.Wait();
    }

    /// <summary>Removes the stores of a crash or a cancelled rebuild. Returns their names.</summary>
    public IReadOnlyList<string> CleanOrphans()
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

        foreach (string file in Directory.GetFiles(_folder, "*" + OwnerFile.TemporarySuffix))
        {
            File.Delete(file);
            removed.Add(Path.GetFileName(file));
        }

        return removed;
    }

    /// <summary>
    /// Closes the serving store after its last reader, and waits for the release of replaced stores.
    /// </summary>
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

    // The last holder's thread runs this. It ignores an I/O error, because the next start deletes the folder. If a
    // promotion failed only in the folder's sync, CURRENT names its store, so the store must stay.
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

    /// <summary>The name in a view folder's CURRENT file, valid or not; null without the file.</summary>
    internal static string? PointerOf(string folder) => Read(Path.Combine(folder, PointerName))?.Name;

    /// <summary>
    /// The key pair that CURRENT in a view's folder names; empty for none, null when it names none at all.
    /// </summary>
    internal static string? ReaderOf(string folder) => Read(Path.Combine(folder, PointerName))?.Reader;

    private (string Name, string Reason, string? Reader)? ReadPointer() => Read(PointerPath);

    private static (string Name, string Reason, string? Reader)? Read(string pointer)
    {
        if (!File.Exists(pointer)) return null;
        string[] lines = File.ReadAllLines(pointer);
        return lines.Length == 0 ? ("", "", null)
            : (lines[0], lines.Length > 1 ? lines[1] : "", lines.Length > 2 ? lines[2] : null);
    }

    private long HighestNumber()
    {
        long highest = 0;
        foreach (string folder in Directory.GetDirectories(_folder, StorePrefix + "*"))
            if (IsStoreName(Path.GetFileName(folder))) highest = Math.Max(highest, Number(Path.GetFileName(folder)));
        return highest;
    }

    private static string With(string reader) =>
        reader.Length == 0 ? "without a key pair" : $"with the key pair {reader}";

    private static bool IsStoreName(string name) =>
        name.StartsWith(StorePrefix, StringComparison.Ordinal)
        && long.TryParse(name.AsSpan(StorePrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private static long Number(string name) =>
        long.Parse(name.AsSpan(StorePrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture);

    // Most reasons have one line. This fast path avoids tables that the general search creates at first use.
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
