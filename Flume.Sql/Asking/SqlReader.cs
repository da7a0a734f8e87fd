using Flume.Sql.Store;
using Flume.Views.Store;

namespace Flume.Sql.Asking;

/// <summary>A snapshot of the file: every statement that runs on it sees the rows of one moment.</summary>
/// <remarks>It has no postings and no keyed rows: ask it by <see cref="Query"/>.</remarks>
internal sealed class SqlReader : IViewReader, ICopiedReader
{
    private readonly SqlViewStore _store;
    private ReadConnection? _connection;
    private bool _isBroken;

    internal SqlReader(SqlViewStore store, ReadConnection connection)
    {
        (_store, _connection) = (store, connection);
        try
        {
            Checkpoint = connection.Begin().ToEngine();
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public Checkpoint Checkpoint { get; }

    /// <summary>The file, which stays until this is disposed.</summary>
    internal string StorePath => _store.Path;

    internal ReadConnection Connection => _connection ?? throw new ObjectDisposedException(nameof(SqlReader));

    /// <summary>A statement over this snapshot, to be stepped and disposed before the next.</summary>
    /// <exception cref="SqlQueryException">It can't be run, and why.</exception>
    internal SqlQuery Query(SqlRequest request, SqlLimits limits, CancellationToken cancel = default) =>
        SqlQuery.Start(this, request, limits, cancel);

    /// <summary>The file was found damaged.</summary>
    internal void ReportDamage(string what)
    {
        _isBroken = true;
        _store.ReportDamage(what);
    }

    /// <inheritdoc/>
    public PostingCursor Read(byte index, PostingRange range, bool reverse = false) => throw HasNone();

    /// <inheritdoc/>
    public long Count(byte index, PostingRange range) => throw HasNone();

    /// <inheritdoc/>
    public bool TryGet(ReadOnlySpan<byte> key, out byte[] value)
    {
        value = [];
        return false;
    }

    /// <inheritdoc/>
    public IEnumerable<KeyValuePair<byte[], byte[]>> Rows(ReadOnlySpan<byte> prefix) => [];

    /// <inheritdoc/>
    public IEnumerable<KeyValuePair<byte[], byte[]>> Rows(byte[] from, byte[] to, bool reverse = false) => [];

    /// <inheritdoc/>
    public (Checkpoint At, long Bytes) CopyTo(string folder) => SqlCopy.Run(Connection, folder);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_connection is not { } connection) return;
        _connection = null;
        bool isUsable = !_isBroken;
        try
        {
            connection.End();
        }
        catch (Exception cause) when (cause is IOException or StoreDamagedException or Native.SqliteStatementException)
        {
            isUsable = false;
        }

        _store.Return(connection, isUsable);
    }

    private static NotSupportedException HasNone() =>
        new("The SQL view has no postings; ask it by a SQL statement.");
}
