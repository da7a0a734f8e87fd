using System.Runtime.ExceptionServices;
using Flume.Log;
using Flume.Log.Primitives;

namespace Flume.Views.Store.Bulk;

/// <summary>Fills a fresh store with all rows of a view in one load: collect, sort, pack, ingest tables.</summary>
/// <remarks>
/// 1. Each worker adds rows through its own sink, in any order. Then one caller calls <see cref="Seal"/>.
/// 2. The store stays empty until it ingests all tables and the checkpoint in one step.
/// 3. Temporary files are in a folder inside the store's folder, so removing an abandoned store also removes them.
/// </remarks>
internal sealed class BulkLoader : IDisposable
{
    /// <summary>With fewer postings, a second table file costs more time than a second core saves.</summary>
    private const int ParallelFrom = 50_000;

    private readonly Lock _lock = new();
    private readonly List<BulkSink> _sinks = [];
    private readonly List<TableFile> _tables = [];
    private readonly Task<RocksViewStore> _opening;
    private readonly BulkMemory _memory;
    private string? _scratch;
    private int _spills;

    /// <summary>Creates a load into an empty store.</summary>
    /// <exception cref="ArgumentException">The store contains rows.</exception>
    internal BulkLoader(RocksViewStore store, BulkMemory memory)
        : this(Task.FromResult(store), memory) => _ = Scratch;

    /// <summary>Creates a load into a store that another task opens at the same time.</summary>
    internal BulkLoader(Task<RocksViewStore> opening, BulkMemory memory) => (_opening, _memory) = (opening, memory);

    /// <summary>The target store. The property waits until the store is open.</summary>
    private RocksViewStore Store => _opening.GetAwaiter().GetResult();

    /// <summary>The folder of temporary files.</summary>
    private string Scratch
    {
        get
        {
            lock (_lock) return _scratch ??= MakeScratch();
        }
    }

    /// <summary>The number of collected postings, duplicates included.</summary>
    internal long Collected => Total(Counts());

    /// <summary>Creates a sink for one worker.</summary>
    internal BulkSink NewSink()
    {
        var sink = new BulkSink(_memory, NewSpill);
        lock (_lock) _sinks.Add(sink);
        return sink;
    }

    /// <summary>Writes the collected rows and the checkpoint to the store. The store then serves them.</summary>
    /// <inheritdoc cref="Pack"/>
    internal void Seal(Checkpoint next, int degree, CancellationToken stop)
    {
        Pack(next, degree, stop);
        TakeIn(stop);
    }

    /// <summary>
    /// Sorts and packs the collected rows into tables. This is the CPU part. <see cref="TakeIn"/> follows.
    /// </summary>
    /// <param name="next">The checkpoint of the rows. The method sets its posting counts.</param>
    /// <param name="degree">The maximum number of threads, 1 or more.</param>
    /// <param name="stop">Leaves the store empty if cancelled before the tables are ingested.</param>
    /// <exception cref="ArgumentException">Rows were added for an offset above the checkpoint's since.</exception>
    /// <exception cref="IOException">A table was not written or not ingested. The store is still empty.</exception>
    internal void Pack(Checkpoint next, int degree, CancellationToken stop)
    {
        RequireCovered(next.Since);
        List<List<byte>> groups = Groups(degree);
        for (int i = 0; i < groups.Count; i++)
            _tables.Add(new TableFile(Path.Combine(Scratch, $"table-{i}.sst"), Store.Resources));
        long postings = WriteGroups(groups, degree, stop);
        TableFile last = _tables[^1];
        WritePlainRows(last, stop);
        next = next with { BasePostings = postings, OverlayPostings = 0 };
        last.Put(MetaRow.Key, Store.EncodeCheckpoint(next));
    }

    /// <summary>Syncs the tables and ingests them with the checkpoint in one step. This is the I/O part.</summary>
    /// <inheritdoc cref="Pack"/>
    internal void TakeIn(CancellationToken stop)
    {
        List<string> files = [];
        foreach (TableFile table in _tables)
        {
            table.Finish();
            if (table.Exists) files.Add(table.Path);
        }

        stop.ThrowIfCancellationRequested();
        Store.TakeIn([.. files]);
    }

    /// <summary>Releases memory and files. Without <see cref="Seal"/> the store stays empty.</summary>
    public void Dispose()
    {
        foreach (TableFile table in _tables) table.Dispose();
        foreach (BulkSink sink in _sinks) sink.Discard();
        _sinks.Clear();
        if (_scratch is not null) Directory.Delete(_scratch, recursive: true);
    }

    private SpillFile NewSpill() => new(Path.Combine(Scratch, $"run-{Interlocked.Increment(ref _spills)}"));

    private string MakeScratch()
    {
        if (Store.Checkpoint != Checkpoint.Empty)
            throw new ArgumentException(
                $"Store {Store.Folder} already reflects the log up to {Store.Checkpoint.Since}. Load into a new one.");
        string scratch = Path.Combine(Store.Folder, "bulk");
        OwnerFile.CreateFolder(scratch);
        return scratch;
    }

    private void RequireCovered(Offset since)
    {
        foreach (BulkSink sink in _sinks)
            if (sink.HighestOffset > since.Value)
                throw new ArgumentException(
                    $"Rows were added for offset {sink.HighestOffset}, above the checkpoint's since {since}.");
    }

    /// <summary>
    /// Divides the indexes, in order, into groups of similar posting counts, at most one per thread.
    /// </summary>
    private List<List<byte>> Groups(int degree)
    {
        long[] counts = Counts();
        long total = Total(counts);
        long share = total < ParallelFrom ? long.MaxValue : (total / degree) + 1;
        List<List<byte>> groups = [[]];
        long sum = 0;
        for (int index = 0; index < counts.Length; index++)
        {
            if (counts[index] == 0) continue;
            if (sum >= share && groups.Count < degree)
            {
                groups.Add([]);
                sum = 0;
            }

            groups[^1].Add((byte)index);
            sum += counts[index];
        }

        return groups;
    }

    /// <summary>The number of collected postings per index.</summary>
    private long[] Counts()
    {
        var counts = new long[256];
        foreach (BulkSink sink in _sinks)
            for (int index = 0; index < counts.Length; index++) counts[index] += sink.CountOf((byte)index);
        return counts;
    }

    private static long Total(long[] counts)
    {
        long total = 0;
        foreach (long count in counts) total += count;
        return total;
    }

    private long WriteGroups(List<List<byte>> groups, int degree, CancellationToken stop)
    {
        if (groups.Count == 1) return WriteGroup(groups[0], _tables[0], stop);
        long postings = 0;
        var options = new ParallelOptions { MaxDegreeOfParallelism = degree, CancellationToken = stop };
        try
        {
            Parallel.For(0, groups.Count, options, group =>
                Interlocked.Add(ref postings, WriteGroup(groups[group], _tables[group], stop)));
        }
        catch (AggregateException failures)
        {
            ExceptionDispatchInfo.Throw(failures.InnerExceptions[0]);
        }

        return postings;
    }

    private long WriteGroup(List<byte> indexes, TableFile file, CancellationToken stop)
    {
        var blocks = new BlockWriter(file);
        foreach (byte index in indexes)
        {
            stop.ThrowIfCancellationRequested();
            WriteIndex(index, blocks);
        }

        return blocks.Written;
    }

    private void WriteIndex(byte index, BlockWriter blocks)
    {
        var buffers = new List<PostingBuffer>();
        var runs = new List<PostingSource>();
        foreach (BulkSink sink in _sinks)
        {
            if (sink.TakeBuffer(index) is { } buffer) buffers.Add(buffer);
            foreach (SpillFile spill in sink.Spills)
                if (spill.Postings(index) is { } run) runs.Add(run);
        }

        using var sorted = new SortedPostings(buffers, _memory);
        if (runs.Count == 0)
        {
            blocks.WriteIndex(index, sorted.All.Span);
            return;
        }

        runs.Add(new PostingSource(sorted.All));
        PostingMerge.Merge(index, runs, blocks);
    }

    private void WritePlainRows(TableFile file, CancellationToken stop)
    {
        var runs = new List<IEnumerable<BulkRow>>();
        foreach (BulkSink sink in _sinks)
        {
            if (!sink.HasRows) continue;
            runs.Add(sink.TakeRows());
            foreach (SpillFile spill in sink.Spills) runs.Add(spill.PlainRows());
        }

        if (runs.Count == 0) return;
        foreach (BulkRow row in BulkRows.Latest(SortedMerge.Merge(runs)))
        {
            stop.ThrowIfCancellationRequested();
            if (row.Value is not null) file.Put(RowKey.PlainKey(row.Key), row.Value);
        }
    }
}
