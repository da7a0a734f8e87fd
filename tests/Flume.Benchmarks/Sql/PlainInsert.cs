using Flume.Log;
using Flume.Sql;
using Flume.Sql.Build;
using Flume.Sql.Native;
using Flume.Sql.Rows;
using Flume.Sql.Schema;
using Flume.Sql.Store;
using Flume.Ssb.Messages;

namespace Flume.Benchmarks.Sql;

/// <summary>The same rows by the same library, as a program would insert them: one thread, one row a statement.</summary>
internal static class PlainInsert
{
    /// <summary>Inserts all messages; how many records there were.</summary>
    internal static long Run(OffsetLog log, string path)
    {
        using SqlConnection connection = SqlConnection.OpenToWrite(path);
        SqlFile.PrepareBulk(connection);
        connection.Run("BEGIN");
        var options = new SqlOptions();
        SqlFile.CreateTables(connection, options);
        using var ids = new BulkIds();
        var extractor = new RowExtractor(options, ids);
        using var block = new RowBlock();
        ids.Block = block;
        long count = Insert(log, connection, extractor, block);
        foreach (string index in SqlSchema.Indexes) connection.Run(index);
        connection.Run(SqlSchema.Views(options));
        connection.Run("COMMIT");
        SqlFile.BecomeLive(connection);
        DurableFiles.Sync(path);
        return count;
    }

    private static long Insert(OffsetLog log, SqlConnection connection, RowExtractor extractor, RowBlock block)
    {
        using var writer = new BlockWriter(connection, new SqlOptions(), rowsAtOnce: 1);
        var decoder = new MessageDecoder();
        LogCursor cursor = log.Read(LogRange.All);
        long count = 0;
        while (cursor.MoveNext())
        {
            extractor.Extract(decoder.Decode(cursor.Current.Offset, cursor.Current.Payload.Span), block);
            writer.Write(block);
            block.Clear();
            count++;
        }

        return count;
    }
}
