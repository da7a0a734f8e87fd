using System.Globalization;
using Flume.Log;
using Flume.Sql.Native;
using Flume.Ssb.Messages;
using Flume.Views;
using Flume.Views.Store;

namespace Flume.Sql.Store;

/// <summary>
/// The files of the SQL view of one identity: numbered ones, and a symbolic link to the one that serves.
/// </summary>
/// <remarks>
/// 1. <c>sql.sqlite</c> points to <c>sql.N.sqlite</c>, which is whole; it is replaced by one rename, after
/// the file is on disk. Other programs open that name. 2. A number is used once: a file that is renamed
/// over one with a write-ahead log would be read together with that log, and give old rows. 3. A file that
/// the link does not name may go at any time.
/// 4. What is found damaged is kept once, as <c>sql.damaged</c>, and built anew.
/// </remarks>
internal sealed class SqlStores(SqlOptions options, ViewStorePlace place) : IViewStoreFactory
{
    /// <summary>The name that other programs open.</summary>
    internal const string LinkName = "sql.sqlite";

    /// <summary>How the names of files begin that a check makes, and removes.</summary>
    internal const string CheckPrefix = "sql.check-";

    private const string Prefix = "sql.";
    private const string Suffix = ".sqlite";

    private readonly HashSet<string> _inUse = [];
    private SqlViewStore? _current;
    private long _last;

    private string LinkPath => Path.Combine(place.Folder, LinkName);

    private string DamagedPath => Path.Combine(place.Folder, "sql.damaged");

    /// <inheritdoc/>
    public IViewStore? OpenCurrent()
    {
        if (_current is not null) return _current;
        if (Target() is not { } name) return null;
        string path = Path.Combine(place.Folder, name);
        if (NumberOf(name) is null || !File.Exists(path))
            throw new StoreDamagedException(
                place.Folder, LinkName, $"it points to '{name}', which is no file of the view");
        var store = new SqlViewStore(path, options, place);
        try
        {
            bool wasLeftOpen = store.WasLeftOpen;
            _ = store.Checkpoint;
            if (wasLeftOpen && store.QuickCheck() is { } fault)
                throw new StoreDamagedException(path, "quick_check", fault);
            RequireWhole(store);
        }
        catch (StoreDamagedException cause)
        {
            store.ReportDamage(cause.Message);
            Retire(store);
            throw;
        }
        catch
        {
            store.Dispose();
            throw;
        }

        SetInUse(path, true);
        return _current = store;
    }

    /// <inheritdoc/>
    public string? WhyRebuild(IViewStore current, Offset head)
    {
        SqlCheckpoint row = ((SqlViewStore)current).Row;
        string own = place.Feed ?? "";
        return row.Options != options.Code ? $"its layout changed from {row.Options} to {options.Code}"
            : row.OwnFeed != own ? $"the identity's feed changed from '{row.OwnFeed}' to '{own}'"
            : row.Since <= head && !IsOfThisLog((SqlViewStore)current)
                ? $"its newest message at offset {row.Since} or before is another one in the log"
                : null;
    }

    /// <inheritdoc/>
    public NextStore CreateNext(string reason)
    {
        Directory.CreateDirectory(place.Folder);
        _last = Math.Max(_last, Numbers().DefaultIfEmpty(0).Max()) + 1;
        string path = Path.Combine(
            place.Folder, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{_last}{Suffix}"));
        SetInUse(path, true);
        return new NextStore(new SqlViewStore(path, options, place), reason);
    }

    /// <inheritdoc/>
    public void Promote(NextStore next)
    {
        var filled = (SqlViewStore)next.Store;
        filled.Empty();
        DurableFiles.Sync(filled.Path);
        DurableFiles.Point(LinkPath, Path.GetFileName(filled.Path));
        SqlViewStore? old = _current;
        _current = filled;
        if (old is not null) Retire(old);
    }

    /// <inheritdoc/>
    public void Abandon(NextStore next) => Retire((SqlViewStore)next.Store);

    /// <inheritdoc/>
    public void Clear()
    {
        File.Delete(LinkPath);
        if (_current is { } served) Retire(served);
        _current = null;
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> CleanOrphans()
    {
        if (!Directory.Exists(place.Folder)) return [];
        var removed = new List<string>();
        string? current = Target();
        File.Delete(LinkPath + ".new");
        foreach (string file in Directory.GetFiles(place.Folder, CheckPrefix + "*")) File.Delete(file);
        foreach (long number in Numbers())
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{number}{Suffix}");
            string path = Path.Combine(place.Folder, name);
            if (name == current || IsInUse(path)) continue;
            SqlViewStore.Delete(path);
            removed.Add(name);
        }

        return removed;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_current is not { } served) return;
        _current = null;
        if (served.Damage is not null) Retire(served);
        else
        {
            served.Closed = () => SetInUse(served.Path, false);
            served.Dispose();
        }
    }

    /// <summary>The file that the link of a folder names; null without a link.</summary>
    /// <exception cref="StoreDamagedException">It names no file.</exception>
    internal static string? FileIn(string folder)
    {
        if (new FileInfo(Path.Combine(folder, LinkName)).LinkTarget is not { } name) return null;
        string path = Path.Combine(folder, name);
        return NumberOf(name) is not null && File.Exists(path)
            ? path
            : throw new StoreDamagedException(folder, LinkName, $"it points to '{name}', which is no file of the view");
    }

    private static void RequireWhole(SqlViewStore store)
    {
        long newest = Math.Max(
            store.Number("SELECT max(flume_seq) FROM messages_raw") ?? -1,
            store.Number("SELECT max(flume_seq) FROM records") ?? -1);
        if (newest > store.Row.Since.Value)
            throw new StoreDamagedException(
                store.Path, "flume_checkpoint", $"since is {store.Row.Since}, the newest row is of offset {newest}");
    }

    /// <summary>
    /// True when the newest message of the file is that of the log at its offset, or was deleted there.
    /// </summary>
    private bool IsOfThisLog(SqlViewStore store)
    {
        if (place.Log() is not { } log) return true;
        if (store.Number("SELECT max(flume_seq) FROM messages_raw") is not { } newest) return true;
        string? key = store.Text(
            $"SELECT key FROM keys JOIN messages_raw ON key_id = keys.id WHERE flume_seq = {newest}");
        try
        {
            if (!log.TryRead(new Offset(newest), out LogRecord record)) return false;
            if (record.Deleted) return true;
            DecodedMessage message = new MessageDecoder().Decode(record.Offset, record.Payload.Span);
            return message.IsMessage && System.Text.Encoding.UTF8.GetString(message.Key.Utf8) == key;
        }
        catch (LogOffsetException)
        {
            return false;
        }
    }

    private void Retire(SqlViewStore store)
    {
        store.Closed = () => Remove(store);
        store.Dispose();
    }

    // Runs on the thread of whoever left last, who can do nothing about a disk that refuses; the next start cleans up.
    private void Remove(SqlViewStore store)
    {
        try
        {
            bool isDamaged = store.Damage is not null;
            if (isDamaged) Quarantine(store.Path);
            else if (Target() != Path.GetFileName(store.Path)) SqlViewStore.Delete(store.Path);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
        }

        SetInUse(store.Path, false);
    }

    private void Quarantine(string path)
    {
        foreach (string suffix in SqlViewStore.Suffixes)
        {
            File.Delete(DamagedPath + suffix);
            if (File.Exists(path + suffix)) File.Move(path + suffix, DamagedPath + suffix);
        }

        if (Target() == Path.GetFileName(path)) File.Delete(LinkPath);
    }

    private string? Target() => new FileInfo(LinkPath).LinkTarget;

    private IEnumerable<long> Numbers() => !Directory.Exists(place.Folder) ? [] : Directory
        .EnumerateFiles(place.Folder, Prefix + "*" + Suffix + "*")
        .Select(file => NumberOf(Path.GetFileName(file).Split(Suffix)[0] + Suffix)).OfType<long>().Distinct();

    private static long? NumberOf(string name) =>
        name.StartsWith(Prefix, StringComparison.Ordinal) && name.Length > Prefix.Length + Suffix.Length
        && long.TryParse(name.AsSpan(Prefix.Length..^Suffix.Length), NumberStyles.None, CultureInfo.InvariantCulture,
            out long number) ? number : null;

    private bool IsInUse(string path)
    {
        lock (_inUse) return _inUse.Contains(path);
    }

    private void SetInUse(string path, bool inUse)
    {
        lock (_inUse)
        {
            if (inUse) _inUse.Add(path);
            else _inUse.Remove(path);
        }
    }
}
