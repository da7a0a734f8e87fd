using System.Collections.Concurrent;
using Flume.Log;
using Flume.Log.Primitives;
using Flume.Sql.Native;
using Flume.Sql.Rows;
using Flume.Sql.Schema;
using Flume.Sql.Store;
using Flume.Ssb.Messages;
using Flume.Views.Records;

namespace Flume.Sql.Build;

/// <summary>Builds a whole file from the log: one transaction, tables first, indexes last, two threads.</summary>
/// <remarks>
/// The calling thread reads and decodes records and numbers ids; a second one inserts. The file has neither journal
/// nor syncs until it is whole: a crash leaves a file that nothing names.
/// </remarks>
internal sealed class FileBuild
{
    private const int BlocksMax = 4;

    private readonly FileBuildRequest _request;
    private readonly BlockingCollection<RowBlock> _filled = new(BlocksMax);
    private readonly ConcurrentBag<RowBlock> _free = [];
    private readonly CancellationTokenSource _stop;
    private readonly BulkIds _ids = new();
    private readonly BulkFold _fold = new();
    private long _skipped;
    private long _rows;

    private FileBuild(FileBuildRequest request, CancellationToken cancel)
    {
        _request = request;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
    }

    /// <summary>Builds the file, durable on return; what the rows reflect.</summary>
    /// <exception cref="OperationCanceledException">Cancelled; the file is of no use.</exception>
    /// <exception cref="LogDamagedException">A record does not verify.</exception>
    /// <exception cref="IOException">The disk refuses.</exception>
    internal static SqlCheckpoint Run(FileBuildRequest request, CancellationToken cancel)
    {
        var build = new FileBuild(request, cancel);
        try
        {
            return build.Run(cancel);
        }
        finally
        {
            build._ids.Dispose();
            build._stop.Dispose();
            build._filled.Dispose();
            foreach (RowBlock block in build._free) block.Dispose();
        }
    }

    private SqlCheckpoint Run(CancellationToken cancel)
    {
        SqlCheckpoint built;
        using (SqlConnection connection = SqlConnection.OpenToWrite(_request.Path))
        {
            SqlFile.PrepareBulk(connection);
            connection.Run("BEGIN");
            SqlFile.CreateTables(connection, _request.Options);
            Offset since = _request.Through ?? _request.Log.Head;
            var extractor = new RowExtractor(_request.Options, _ids);
            Fill(connection, extractor, since);
            cancel.ThrowIfCancellationRequested();
            using (var scratch = new RowBlock()) _fold.Write(connection, scratch);
            SqlFile.MarkOwn(connection, _request.OwnFeed);
            Index(connection, cancel);
            built = SqlCheckpoint.Empty(_request.Options, _request.OwnFeed) with
            {
                Since = since,
                Rows = _rows,
                Skipped = _skipped,
                Repeated = extractor.Repeated,
            };
            built.Write(connection);
            connection.Run("COMMIT");
            SqlFile.BecomeLive(connection);
        }

        DurableFiles.Sync(_request.Path);
        OwnerFile.SyncFolder(Path.GetDirectoryName(_request.Path)!);
        return built;
    }

    private void Fill(SqlConnection connection, RowExtractor extractor, Offset since)
    {
        Task writing = Task.Factory.StartNew(
            () => Write(connection), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            Decode(extractor, since);
        }
        catch (OperationCanceledException) when (writing.IsFaulted)
        {
            // The writer's own error is thrown below.
        }
        catch
        {
            _stop.Cancel();
            throw;
        }
        finally
        {
            _filled.CompleteAdding();
            ((IAsyncResult)writing).AsyncWaitHandle.WaitOne();
        }

        writing.GetAwaiter().GetResult();
    }

    private void Decode(RowExtractor extractor, Offset since)
    {
        if (_request.IsQuiet) LowPriorityThread.Become();
        using var run = new RecordBatch();
        var decoder = _request.Format.NewDecoder();
        var scanner = new LogScanner(_request.Log, Offset.None, since);
        RowBlock first = Take();
        if (_request.OwnFeed.Length > 0) _ids.Author(System.Text.Encoding.UTF8.GetBytes(_request.OwnFeed));
        _filled.Add(first, _stop.Token);
        while (scanner.ReadRun(run))
        {
            RowBlock block = Take();
            foreach (RunRecord record in run.Records)
            {
                DecodedRecord decoded = decoder.Decode(record.Offset, run.Payload(record));
                if (extractor.Extract(decoded, block)) _rows++;
                else if (!decoded.IsJson) _skipped++;
            }

            _filled.Add(block, _stop.Token);
            _request.Progress?.Invoke(run.Frames, run.Bytes);
            _request.Rest?.Invoke(_stop.Token, run.Frames);
        }
    }

    private RowBlock Take()
    {
        if (!_free.TryTake(out RowBlock? block)) block = new RowBlock();
        _ids.Block = block;
        return block;
    }

    private void Write(SqlConnection connection)
    {
        try
        {
            if (_request.IsQuiet) LowPriorityThread.Become();
            using var writer = new BlockWriter(connection, _request.Options);
            foreach (RowBlock block in _filled.GetConsumingEnumerable(_stop.Token))
            {
                _fold.Take(block);
                writer.Write(block);
                block.Clear();
                _free.Add(block);
            }
        }
        catch
        {
            _stop.Cancel();
            throw;
        }
    }

    private void Index(SqlConnection connection, CancellationToken cancel)
    {
        _request.Sealing?.Invoke();
        // A sort works in pieces of the cache's size, and pieces that fit the processor's cache are sorted faster.
        connection.Run("PRAGMA cache_size = -4000");
        foreach (string index in SqlSchema.Indexes)
        {
            cancel.ThrowIfCancellationRequested();
            connection.Run(index);
        }

        connection.Run(SqlSchema.Views(_request.Options));
        connection.Run("PRAGMA analysis_limit = 400; ANALYZE");
    }
}

/// <summary>What a file is built from, and how.</summary>
/// <param name="Path">The file to make; it must not exist.</param>
/// <param name="Log">Read up to its head as of the start.</param>
/// <param name="Options">Layout and full text.</param>
internal sealed record FileBuildRequest(string Path, OffsetLog Log, SqlOptions Options)
{
    /// <summary>The feed of the identity; empty for none.</summary>
    internal string OwnFeed { get; init; } = "";

    /// <summary>The last record to take, inclusive; null for the log's head.</summary>
    internal Offset? Through { get; init; }

    /// <summary>How records are decoded; by itself as messages whose boxes stay closed.</summary>
    internal RecordFormat Format { get; init; } = new SsbFormat(null);

    /// <summary>Told after each run of records: how many records and bytes it had.</summary>
    internal Action<int, int>? Progress { get; init; }

    /// <summary>Rests after each run of records, as a budget demands.</summary>
    internal Action<CancellationToken, int>? Rest { get; init; }

    /// <summary>Told when the indexes are made.</summary>
    internal Action? Sealing { get; init; }

    /// <summary>Whether the threads run only when no other wants the core.</summary>
    internal bool IsQuiet { get; init; }
}
