using System.Diagnostics;
using Flume.Codec;
using Flume.Primitives;
using Flume.Store;

namespace Flume.Views.Bulk;

/// <summary>One view within a scan: its loader, what it skipped, and its failure if it has one.</summary>
internal sealed class BulkView(BulkTarget target, BulkMemory memory) : IDisposable
{
    private readonly BulkLoader _loader = new(target.StoreDirectory, memory);
    private ViewApplyException? _failure;
    private long _skipped;
    private TimeSpan _sealTime;

    /// <summary>Postings collected so far, duplicates included.</summary>
    internal long Postings => _loader.Postings;

    /// <summary>Rows of one thread.</summary>
    internal RowSink NewSink() => _loader.NewSink();

    /// <summary>Applies one record; a record that is no message is skipped and counted.</summary>
    internal void Apply(RowSink sink, DecodedMessage message, bool isMessage)
    {
        if (_failure is not null) return;
        if (!isMessage)
        {
            Interlocked.Increment(ref _skipped);
            return;
        }
        sink.Offset = message.Offset.Value;
        try
        {
            target.View.Apply(message, sink);
        }
        catch (Exception cause) when (cause is not OutOfMemoryException)
        {
            Interlocked.CompareExchange(ref _failure, new ViewApplyException(target.View.Name, message.Offset, cause), null);
        }
    }

    /// <summary>Sorts, packs and ingests, with the checkpoint in the same ingest.</summary>
    internal void Seal(Offset since, CancellationToken stop)
    {
        if (_failure is not null) return;
        long start = Stopwatch.GetTimestamp();
        _loader.Seal(new Checkpoint(target.View.Version, since) { Skipped = _skipped }, stop);
        _sealTime = Stopwatch.GetElapsedTime(start);
    }

    /// <summary>What became of it.</summary>
    internal BulkViewResult Result() =>
        new(target.View.Name, target.StoreDirectory, _loader.Postings, _sealTime, _failure);

    /// <inheritdoc/>
    public void Dispose() => _loader.Dispose();
}
