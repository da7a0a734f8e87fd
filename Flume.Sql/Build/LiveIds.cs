using System.Text;
using Flume.Sql.Native;
using Flume.Sql.Rows;

namespace Flume.Sql.Build;

/// <summary>The numbers of ids while the log is followed: those of late in memory, all of them in the file.</summary>
/// <remarks>
/// New ones are inserted at once, in the transaction that is open. Forget them when it is rolled back.
/// </remarks>
internal sealed class LiveIds : IIdSource, IDisposable
{
    private readonly SqlStatement _isStored;
    private readonly Table _keys;
    private readonly Table _authors;
    private readonly Table _blobs;
    private readonly HashSet<long> _unwritten = [];

    internal LiveIds(SqlConnection connection)
    {
        _isStored = connection.Prepare("SELECT 1 FROM main.messages_raw WHERE key_id = ?");
        _keys = new Table(connection, "keys", "key");
        _authors = new Table(connection, "authors", "author");
        _blobs = new Table(connection, "blobs", "blob");
    }

    /// <inheritdoc/>
    public bool TryOwnKey(ReadOnlySpan<byte> utf8, out long id)
    {
        id = _keys.InternNew(utf8, out bool isNew);
        return (isNew || _isStored.Bind(1, id).Single() is null) && _unwritten.Add(id);
    }

    /// <inheritdoc/>
    public long Key(ReadOnlySpan<byte> utf8) => _keys.Intern(utf8, out _);

    /// <inheritdoc/>
    public long Author(ReadOnlySpan<byte> utf8) => _authors.Intern(utf8, out _);

    /// <inheritdoc/>
    public long Blob(ReadOnlySpan<byte> utf8) => _blobs.Intern(utf8, out _);

    /// <summary>The messages whose keys were given are in the file now.</summary>
    internal void Written() => _unwritten.Clear();

    /// <summary>Forgets what is in memory: the transaction that it came from was rolled back.</summary>
    internal void Forget()
    {
        _unwritten.Clear();
        _keys.Forget();
        _authors.Forget();
        _blobs.Forget();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isStored.Dispose();
        _keys.Dispose();
        _authors.Dispose();
        _blobs.Dispose();
    }

    private sealed class Table(SqlConnection connection, string table, string column) : IDisposable
    {
        private const int KeptMax = 32_768;

        private readonly SqlStatement _find = connection.Prepare($"SELECT id FROM main.{table} WHERE {column} = ?");
        private readonly SqlStatement _add = connection.Prepare(
            $"INSERT INTO main.{table} (id, {column}) VALUES (?, ?)");
        private readonly SqlStatement _tryAdd = connection.Prepare(
            $"INSERT INTO main.{table} (id, {column}) VALUES (?, ?) ON CONFLICT ({column}) DO NOTHING");

        private readonly Dictionary<string, long> _kept = new(StringComparer.Ordinal);
        private long _last = connection.Number($"SELECT max(id) FROM main.{table}") ?? 0;

        internal long Intern(ReadOnlySpan<byte> utf8, out bool isNew)
        {
            isNew = false;
            string text = Encoding.UTF8.GetString(utf8);
            if (_kept.TryGetValue(text, out long known)) return known;
            if (_find.Bind(1, utf8).Single() is { } found) return Keep(text, found);
            isNew = true;
            _add.Bind(1, _last + 1).Bind(2, utf8).Run();
            return Keep(text, ++_last);
        }

        /// <summary>
        /// As <see cref="Intern"/>, for a text that is probably new: one search of the index in place of two.
        /// </summary>
        internal long InternNew(ReadOnlySpan<byte> utf8, out bool isNew)
        {
            string text = Encoding.UTF8.GetString(utf8);
            isNew = false;
            if (_kept.TryGetValue(text, out long known)) return known;
            _tryAdd.Bind(1, _last + 1).Bind(2, utf8).Run();
            isNew = connection.Changes > 0;
            return Keep(text, isNew ? ++_last : _find.Bind(1, utf8).Single()!.Value);
        }

        internal void Forget()
        {
            _kept.Clear();
            _last = connection.Number($"SELECT max(id) FROM main.{table}") ?? 0;
        }

        public void Dispose()
        {
            _find.Dispose();
            _add.Dispose();
            _tryAdd.Dispose();
        }

        private long Keep(string text, long id)
        {
            if (_kept.Count >= KeptMax) _kept.Clear();
            return _kept[text] = id;
        }
    }
}
