using System.Text;
using Flume.Log;
using Flume.Sql.Build;
using Flume.Sql.Native;
using Flume.Sql.Store;
using Flume.Ssb.Messages;
using Flume.Views;
using Flume.Views.Records;
using Flume.Views.Store;

namespace Flume.Sql.Tests;

/// <summary>A log of a test's own, and files of the SQL view that are made from it.</summary>
internal sealed class SqlFixture : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SqlFixture(IEnumerable<string> records, FeedKeys? keys = null)
        : this(records.Select(Encoding.UTF8.GetBytes), keys)
    {
    }

    public SqlFixture(IEnumerable<byte[]> records, FeedKeys? keys = null)
    {
        Keys = keys;
        Log = OffsetLog.Open(_folder["log.offset"]);
        foreach (byte[] record in records) Log.Append(record, Durability.Memory);
    }

    public FeedKeys? Keys { get; }

    public OffsetLog Log { get; }

    public string Folder => _folder.Path;

    public SsbFormat Format => new(Keys is null ? null : new Unboxer(Keys));

    /// <summary>Another name for a file.</summary>
    public string NewPath() => _folder[$"{Guid.NewGuid():N}.sqlite"];

    public ViewStorePlace Place(string name = "sql") => new(_folder[name])
    {
        Feed = Keys?.Id, Log = () => Log, Format = () => Format,
    };

    /// <summary>A file built whole; its path.</summary>
    public string Build(SqlOptions options)
    {
        string path = NewPath();
        FileBuild.Run(
            new FileBuildRequest(path, Log, options) { Format = Format, OwnFeed = Keys?.Id ?? "" }, default);
        return path;
    }

    /// <summary>A file that followed the log in steps of so many records; its path.</summary>
    public string Follow(SqlOptions options, int step, Func<bool>? reopens = null)
    {
        string path = NewPath();
        var store = new SqlViewStore(path, options, Place());
        while (Step(store, step))
        {
            if (reopens?.Invoke() != true) continue;
            store.Dispose();
            store = new SqlViewStore(path, options, Place());
        }

        store.Dispose();
        return path;
    }

    /// <summary>Applies the next records as the engine does; false at the head.</summary>
    public bool Step(SqlViewStore store, int count)
    {
        Checkpoint at = store.Checkpoint;
        if (at.Since >= Log.Head) return false;
        var decoder = Format.NewDecoder();
        long skipped = at.Skipped;
        Offset since = at.Since;
        for (int i = 0; i < count && since < Log.Head; i++)
        {
            Log.TryRead(Log.Next(since), out LogRecord record);
            since = record.Offset;
            if (record.Deleted) continue;
            DecodedRecord message = decoder.Decode(record.Offset, record.Payload.Span);
            if (message.IsJson) store.Apply(message);
            else skipped++;
        }

        store.Commit(store.NewBatch(), Checkpoint.At(1, since, skipped));
        return true;
    }

    /// <summary>Every row of every table but the checkpoint, in the order of ids.</summary>
    public static string Dump(string path)
    {
        using SqlConnection connection = SqlConnection.OpenToRead(path);
        var dump = new StringBuilder();
        foreach (string table in Tables) dump.AppendLine($"== {table}").Append(Rows(connection, $"SELECT * FROM {table} ORDER BY 1"));
        dump.AppendLine("== texts").Append(
            connection.Number("SELECT count(*) FROM sqlite_schema WHERE name = 'texts'") == 1
            ? Rows(connection, "SELECT rowid FROM texts WHERE texts MATCH 'hello OR w1 OR w2' ORDER BY 1") : "");
        return dump.ToString();
    }

    /// <summary>The rows of a statement, a line each.</summary>
    public static string Rows(string path, string sql)
    {
        using SqlConnection connection = SqlConnection.OpenToRead(path);
        return Rows(connection, sql);
    }

    public static string Rows(SqlConnection connection, string sql)
    {
        var text = new StringBuilder();
        using SqlStatement rows = connection.Prepare(sql);
        int columns = rows.Columns;
        while (rows.Step())
        {
            for (int i = 0; i < columns; i++) text.Append(i > 0 ? "|" : "").Append(rows.IsNull(i) ? "NULL" : rows.Text(i));
            text.Append('\n');
        }

        return text.ToString();
    }

    public void Dispose()
    {
        Log.Dispose();
        _folder.Dispose();
    }

    private static readonly string[] Tables =
    [
        "migrations", "keys", "authors", "blobs", "messages_raw", "links_raw", "mentions_raw", "blob_links_raw",
        "branches_raw", "abouts_raw", "contacts_raw", "votes_raw", "records",
    ];
}
