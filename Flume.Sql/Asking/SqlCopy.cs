using Flume.Sql.Native;
using Flume.Sql.Store;
using Flume.Views.Store;
using SQLitePCL;

namespace Flume.Sql.Asking;

/// <summary>Copies the rows of one snapshot into the folder of a backup.</summary>
internal static class SqlCopy
{
    /// <summary>Copies page by page; the copy opens like any file of the view.</summary>
    internal static (Checkpoint At, long Bytes) Run(ReadConnection from, string folder)
    {
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, "sql.1.sqlite");
        SqlViewStore.Delete(path);
        SqlCheckpoint at;
        using (SqlConnection to = SqlConnection.OpenToWrite(path))
        {
            using (sqlite3_backup backup = raw.sqlite3_backup_init(to.Handle, "main", from.Connection.Handle, "main"))
            {
                if (backup is null || backup.IsInvalid) throw to.Error(raw.sqlite3_errcode(to.Handle), "copy");
                int rc = raw.sqlite3_backup_step(backup, -1);
                if (rc != raw.SQLITE_DONE) throw to.Error(rc, "copy");
            }

            at = SqlCheckpoint.Read(to);
        }

        SqlFile.Restrict(path);
        DurableFiles.Sync(path);
        DurableFiles.Point(Path.Combine(folder, SqlStores.LinkName), Path.GetFileName(path));
        return (at.ToEngine(), new FileInfo(path).Length);
    }
}
