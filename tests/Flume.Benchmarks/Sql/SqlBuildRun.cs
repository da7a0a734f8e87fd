using Flume.Log;
using Flume.Sql;
using Flume.Sql.Asking;
using Flume.Sql.Build;
using Flume.Sql.Store;
using Flume.Ssb.Messages;
using Flume.Views;
using Flume.Views.Records;
using Flume.Views.Store;

namespace Flume.Benchmarks.Sql;

/// <summary>Builds the file of the SQL view once; one process for each run, so that starting counts.</summary>
internal static class SqlBuildRun
{
    /// <summary>The options by the name they have in the table.</summary>
    internal static SqlOptions Options(string name) => name switch
    {
        "keyed" => new SqlOptions(),
        "text" => new SqlOptions(SqlLayout.Text),
        "bare" => new SqlOptions(SqlLayout.Bare),
        "keyed+fts" => new SqlOptions(FullText: true),
        _ => throw new ArgumentException($"'{name}' is no layout; expected keyed, text, bare or keyed+fts."),
    };

    /// <summary>Builds, prints what it took and the size of the file, and removes it.</summary>
    internal static void Run(Identity identity, string name)
    {
        string path = Path.Combine(identity.Folder, $"bench-{name}.sqlite");
        Remove(path);
        var meter = new Meter();
        using OffsetLog log = identity.OpenLog();
        SqlCheckpoint built = FileBuild.Run(new FileBuildRequest(path, log, Options(name)), default);
        meter.Print($"sql {name}", built.Rows + built.Skipped);
        Console.WriteLine($"bytes {new FileInfo(path).Length} of log {log.EndPosition}");
        Remove(path);
    }

    /// <summary>
    /// The baseline: one thread, one prepared statement a row, one transaction, indexes last; folds are left out.
    /// </summary>
    internal static void RunPlain(Identity identity)
    {
        string path = Path.Combine(identity.Folder, "bench-plain.sqlite");
        Remove(path);
        var meter = new Meter();
        using OffsetLog log = identity.OpenLog();
        long count = PlainInsert.Run(log, path);
        meter.Print("sql plain", count);
        Console.WriteLine($"bytes {new FileInfo(path).Length} of log {log.EndPosition}");
        Remove(path);
    }

    /// <summary>
    /// Follows the last records of the log, on a file of all that came before, in the commits that the view asks for.
    /// </summary>
    internal static void CatchUp(Identity identity, int records)
    {
        string path = Path.Combine(identity.Folder, "bench-catchup.sqlite");
        Remove(path);
        using OffsetLog log = identity.OpenLog();
        Offset through = log.Head;
        for (int i = 0; i < records; i++) through = log.Previous(through);
        FileBuild.Run(new FileBuildRequest(path, log, new SqlOptions()) { Through = through }, default);
        using (var store = new SqlViewStore(path, new SqlOptions(), new ViewStorePlace(identity.Folder)))
        {
            CatchUpStep step = new SqlView(new SqlOptions(), new SqlLimits(), []).CatchUp!;
            RecordDecoder decoder = new MessageDecoder();
            _ = store.Checkpoint;
            var meter = new Meter();
            Offset since = through;
            while (since < log.Head)
            {
                for (int i = 0; i < step.RecordsMax && since < log.Head; i++)
                {
                    log.TryRead(log.Next(since), out LogRecord record);
                    since = record.Offset;
                    store.Apply(decoder.Decode(since, record.Payload.Span));
                }

                store.Commit(store.NewBatch(), Checkpoint.At(1, since));
            }

            meter.Print("sql catchup", records);
        }

        Remove(path);
    }

    /// <summary>Removes a file with those beside it.</summary>
    internal static void Remove(string path)
    {
        foreach (string suffix in (string[])["", "-wal", "-shm", "-open"]) File.Delete(path + suffix);
    }
}
