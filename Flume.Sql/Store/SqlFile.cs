using Flume.Sql.Native;
using Flume.Sql.Schema;

namespace Flume.Sql.Store;

/// <summary>The settings of a file and of the connections that write it.</summary>
internal static class SqlFile
{
    /// <summary>A write-ahead log larger than this is emptied as soon as no reader needs it.</summary>
    internal const long WalBytesMax = 64L << 20;

    private const int LiveCacheKiB = -32_000;
    private const int CatchUpCacheKiB = -128_000;

    /// <summary>For a build of a whole file: no journal, no syncs, index sorts that use a second thread.</summary>
    /// <remarks>
    /// The sorter's second thread starts only when temporaries are files and a sort exceeds the cache; so the cache is
    /// small on purpose.
    /// </remarks>
    internal static void PrepareBulk(SqlConnection connection) => connection.Run("""
        PRAGMA page_size = 8192;
        PRAGMA auto_vacuum = NONE;
        PRAGMA encoding = 'UTF-8';
        PRAGMA locking_mode = EXCLUSIVE;
        PRAGMA journal_mode = OFF;
        PRAGMA synchronous = OFF;
        PRAGMA foreign_keys = OFF;
        PRAGMA cache_size = -16000;
        PRAGMA temp_store = FILE;
        PRAGMA threads = 1;
        """);

    /// <summary>For the one connection that follows the log.</summary>
    internal static void PrepareLive(SqlConnection connection)
    {
        connection.Run($"""
            PRAGMA page_size = 8192;
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = NORMAL;
            PRAGMA foreign_keys = OFF;
            PRAGMA secure_delete = ON;
            PRAGMA cache_size = {LiveCacheKiB};
            PRAGMA temp_store = FILE;
            PRAGMA journal_size_limit = {WalBytesMax};
            PRAGMA wal_autocheckpoint = 4000;
            """);
        connection.KeepWalFiles();
    }

    /// <summary>Sets the cache of the connection that follows the log: large for steps of many rows.</summary>
    internal static void SetLiveCache(SqlConnection connection, bool isLarge)
    {
        connection.Run($"PRAGMA cache_size = {(isLarge ? CatchUpCacheKiB : LiveCacheKiB)}");
        if (!isLarge) connection.Run("PRAGMA shrink_memory");
    }

    /// <summary>
    /// Lets nobody but the owner read the file: it may hold what was opened of private messages.
    /// </summary>
    internal static void Restrict(string path)
    {
        if (OperatingSystem.IsWindows()) return;
        foreach (string suffix in (string[])["", "-wal", "-shm"])
        {
            if (File.Exists(path + suffix)) File.SetUnixFileMode(path + suffix, OwnerOnly);
        }
    }

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes the tables of an empty file.</summary>
    internal static void CreateTables(SqlConnection connection, SqlOptions options)
    {
        connection.Run($"PRAGMA application_id = {SqlSchema.ApplicationId}; PRAGMA user_version = {SqlSchema.Version}");
        connection.Run(SqlSchema.Tables(options));
        if (options.FullText) connection.Run("INSERT INTO texts (texts, rank) VALUES ('secure-delete', 1)");
    }

    /// <summary>Marks the row of the own feed, and no other.</summary>
    internal static void MarkOwn(SqlConnection connection, string ownFeed)
    {
        connection.Run("UPDATE authors SET is_me = NULL WHERE is_me IS NOT NULL");
        if (ownFeed.Length == 0) return;
        using SqlStatement mark = connection.Prepare("UPDATE authors SET is_me = 1 WHERE author = ?");
        mark.Bind(1, ownFeed).Run();
    }

    /// <summary>Turns a file that was built whole into one that is followed by other readers.</summary>
    internal static void BecomeLive(SqlConnection connection)
    {
        connection.Run("PRAGMA locking_mode = NORMAL");
        connection.Number("SELECT count(*) FROM migrations");
        connection.Run("PRAGMA journal_mode = WAL");
    }
}
