using Flume.Log;
using Flume.Sql;
using Flume.Sql.Build;
using Flume.Sql.Store;

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

    /// <summary>Removes a file with those beside it.</summary>
    internal static void Remove(string path)
    {
        foreach (string suffix in (string[])["", "-wal", "-shm"]) File.Delete(path + suffix);
    }
}
