using Flume.Log;
using Flume.Sql.Native;
using Flume.Sql.Schema;
using Flume.Views.Store;

namespace Flume.Sql.Store;

/// <summary>The one row of flume_checkpoint: what the rows reflect, and what they were made with.</summary>
/// <param name="Version">The version of the view, 0 before the first message.</param>
/// <param name="Since">The offset of the last record that the rows reflect, inclusive.</param>
/// <param name="Rows">Messages and other records stored.</param>
/// <param name="Skipped">Records that are no JSON, or deleted.</param>
/// <param name="Repeated">Messages left out since one of their key is stored.</param>
/// <param name="Options">The options, as <see cref="SqlOptions.Code"/> gives them.</param>
/// <param name="OwnFeed">The feed whose row has is_me, and whose boxes are opened; empty for none.</param>
internal sealed record SqlCheckpoint(
    int Version, Offset Since, long Rows, long Skipped, long Repeated, string Options, string OwnFeed)
{
    /// <summary>The checkpoint of a file without rows.</summary>
    internal static SqlCheckpoint Empty(SqlOptions options, string ownFeed) =>
        new(SqlSchema.Version, Offset.None, 0, 0, 0, options.Code, ownFeed);

    /// <summary>Reads the row.</summary>
    /// <exception cref="StoreDamagedException">There is none, or the file has no such table.</exception>
    internal static SqlCheckpoint Read(SqlConnection connection)
    {
        try
        {
            using SqlStatement row = connection.Prepare(
                "SELECT view_version, since, rows, skipped, repeated, options, own_feed "
                + "FROM flume_checkpoint WHERE id = 0");
            if (!row.Step()) throw new StoreDamagedException(connection.Path, "flume_checkpoint", "it has no row");
            return Of(row);
        }
        catch (SqliteStatementException cause)
        {
            throw new StoreDamagedException(connection.Path, "flume_checkpoint", cause.Said, cause);
        }
    }

    /// <summary>The checkpoint of a row with the columns of <see cref="Read"/>.</summary>
    internal static SqlCheckpoint Of(SqlStatement row) => new(
        (int)row.Number(0), new Offset(row.Number(1)), row.Number(2), row.Number(3), row.Number(4),
        row.IsNull(5) ? "" : row.Text(5), row.IsNull(6) ? "" : row.Text(6));

    /// <summary>Writes the row, in the transaction that is open.</summary>
    internal void Write(SqlConnection connection)
    {
        using SqlStatement put = connection.Prepare(
            "INSERT OR REPLACE INTO flume_checkpoint VALUES (0, ?, ?, ?, ?, ?, ?, ?)");
        put.Bind(1, Version).Bind(2, Since.Value).Bind(3, Rows).Bind(4, Skipped).Bind(5, Repeated)
            .Bind(6, Options).Bind(7, OwnFeed).Run();
    }

    /// <summary>What the engine sees of it.</summary>
    internal Checkpoint ToEngine() => new(Version, Since, Rows, 0, Skipped);
}
