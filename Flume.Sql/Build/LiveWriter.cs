using Flume.Sql.Native;
using Flume.Sql.Rows;
using Flume.Sql.Store;
using Flume.Ssb.Messages;
using Flume.Views.Records;

namespace Flume.Sql.Build;

/// <summary>Adds the rows of records to a file that others read, one transaction a step.</summary>
/// <remarks>
/// Rows and checkpoint commit together. Whatever fails before the commit is rolled back by the next step.
/// For one thread at a time.
/// </remarks>
internal sealed class LiveWriter : IDisposable
{
    private const int BlockMessages = 512;

    /// <summary>A step of more rows than this changes pages all over the file, and gets a larger cache.</summary>
    private const int LargeStepRows = 1024;

    private readonly SqlConnection _connection;
    private readonly RowBlock _block = new();
    private readonly LiveIds _ids;
    private readonly RowExtractor _extractor;
    private readonly BlockWriter _writer;
    private readonly SqlStatement _like;
    private readonly SqlStatement _unlike;
    private readonly SqlStatement _contact;
    private SqlCheckpoint _committed;
    private long _rows;
    private long _repeated;
    private bool _hasLargeCache;

    internal LiveWriter(SqlConnection connection, SqlOptions options, SqlCheckpoint committed)
    {
        (_connection, _committed) = (connection, committed);
        _ids = new LiveIds(connection);
        _extractor = new RowExtractor(options, _ids);
        _writer = new BlockWriter(connection, options);
        _like = connection.Prepare("""
            INSERT INTO votes_raw VALUES (?1, ?2, ?3) ON CONFLICT (link_to_key_id, link_from_author_id) DO NOTHING
            """);
        _unlike = connection.Prepare("DELETE FROM votes_raw WHERE link_to_key_id = ?3 AND link_from_author_id = ?2");
        _contact = connection.Prepare("""
            INSERT INTO contacts_raw VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT (author_id, contact_author_id, is_decrypted) DO UPDATE SET state = excluded.state
            """);
    }

    /// <summary>Adds the rows of one record to the step; begins it with the first.</summary>
    internal void Apply(DecodedRecord record)
    {
        if (_connection.IsIdle) Begin();
        long before = _extractor.Repeated;
        if (_extractor.Extract(record, _block)) _rows++;
        _repeated += _extractor.Repeated - before;
        if (_block.Messages.Count >= BlockMessages) Write();
    }

    /// <summary>Ends the step: writes what is left and the checkpoint, and commits.</summary>
    internal SqlCheckpoint Commit(SqlCheckpoint next)
    {
        if (_connection.IsIdle) Begin();
        Write();
        next = next with { Rows = _committed.Rows + _rows, Repeated = _committed.Repeated + _repeated };
        next.Write(_connection);
        _connection.Run("COMMIT");
        FitCache();
        (_committed, _rows, _repeated) = (next, 0, 0);
        return next;
    }

    /// <summary>Drops what was added since the last commit.</summary>
    internal void Rollback()
    {
        _block.Clear();
        (_rows, _repeated) = (0, 0);
        if (!_connection.IsIdle) _connection.Run("ROLLBACK");
        _ids.Forget();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _ids.Dispose();
        _writer.Dispose();
        _like.Dispose();
        _unlike.Dispose();
        _contact.Dispose();
        _block.Dispose();
    }

    private void Begin()
    {
        _block.Clear();
        _connection.Run("BEGIN IMMEDIATE");
    }

    private void FitCache()
    {
        if (_rows > LargeStepRows == _hasLargeCache) return;
        _hasLargeCache = !_hasLargeCache;
        SqlFile.SetLiveCache(_connection, _hasLargeCache);
    }

    private void Write()
    {
        if (_rows > LargeStepRows && !_hasLargeCache) FitCache();
        _writer.Write(_block);
        _ids.Written();
        for (int i = 0; i < _block.Votes.Count; i++)
        {
            VoteEvent vote = _block.Votes[i];
            SqlStatement change = vote.IsLike ? _like.Bind(1, vote.Id) : _unlike;
            change.Bind(2, vote.Author).Bind(3, vote.Key).Run();
        }

        for (int i = 0; i < _block.Contacts.Count; i++)
        {
            ContactEvent contact = _block.Contacts[i];
            _contact.Bind(1, contact.Id).Bind(2, contact.Author).Bind(3, contact.Contact)
                .Bind(4, contact.IsDecrypted ? 1 : 0).Bind(5, contact.State).Run();
        }

        _block.Clear();
    }
}
