using Flume.Sql.Native;
using Flume.Sql.Rows;

namespace Flume.Sql.Build;

/// <summary>Writes the rows of blocks, but for the folded ones: votes and contacts.</summary>
/// <param name="connection">The connection that writes.</param>
/// <param name="options">Layout and full text.</param>
/// <param name="rowsAtOnce">Rows of one statement.</param>
internal sealed class BlockWriter(SqlConnection connection, SqlOptions options, int rowsAtOnce = 32) : IDisposable
{
    private readonly MultiInsert<MessageRow> _messages = new(
        connection, "messages_raw", options.Layout == SqlLayout.Text ? MessageRow.TextColumns : MessageRow.Columns,
        rowsAtOnce);

    private readonly MultiInsert<LinkRow> _links = new(connection, "links_raw", LinkRow.Columns, rowsAtOnce);
    private readonly MultiInsert<LinkRow> _mentions = new(connection, "mentions_raw", LinkRow.Columns, rowsAtOnce);
    private readonly MultiInsert<LinkRow> _blobLinks = new(connection, "blob_links_raw", LinkRow.Columns, rowsAtOnce);
    private readonly MultiInsert<LinkRow> _branches = new(connection, "branches_raw", LinkRow.Columns, rowsAtOnce);
    private readonly MultiInsert<AboutRow> _abouts = new(connection, "abouts_raw", AboutRow.Columns, rowsAtOnce);
    private readonly MultiInsert<TextRow> _records = new(connection, "records", TextRow.Columns, rowsAtOnce);
    private readonly MultiInsert<TextRow> _texts = new(connection, "texts (rowid, text)", TextRow.Columns, rowsAtOnce);
    private readonly MultiInsert<IdRow> _keys = new(connection, "keys", 2, rowsAtOnce);
    private readonly MultiInsert<IdRow> _authors = new(connection, "authors (id, author)", 2, rowsAtOnce);
    private readonly MultiInsert<IdRow> _blobs = new(connection, "blobs", 2, rowsAtOnce);

    /// <summary>Inserts every row of a block that is not folded.</summary>
    internal void Write(RowBlock block)
    {
        _keys.Run(block.NewKeys, block);
        _authors.Run(block.NewAuthors, block);
        _blobs.Run(block.NewBlobs, block);
        _messages.Run(block.Messages, block);
        _links.Run(block.Links, block);
        _mentions.Run(block.Mentions, block);
        _blobLinks.Run(block.BlobLinks, block);
        _branches.Run(block.Branches, block);
        _abouts.Run(block.Abouts, block);
        _records.Run(block.Records, block);
        _texts.Run(block.Texts, block);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _messages.Dispose();
        _links.Dispose();
        _mentions.Dispose();
        _blobLinks.Dispose();
        _branches.Dispose();
        _abouts.Dispose();
        _records.Dispose();
        _texts.Dispose();
        _keys.Dispose();
        _authors.Dispose();
        _blobs.Dispose();
    }
}
