using System.Diagnostics;
using Flume.Log;
using Flume.Views.Records;
using Flume.Views.Store;
using Flume.Views.Store.Bulk;

namespace Flume.Views.Rebuilds;

/// <summary>One view in a scan, with its loader, its skipped records and its failure, if any.</summary>
internal sealed class BulkView(BulkTarget target, BulkMemory memory) : IDisposable
{
    private readonly BulkLoader _loader = new(target.Opening, memory);
    private RetainedPostings? _retained;
    private ViewApplyException? _failure;
    private long _skipped;
    private long _sealStart;
    private TimeSpan _sealTime;

    /// <summary>The number of collected postings, including duplicates.</summary>
    internal long Collected => _loader.Collected;

    /// <summary>The first offset to apply.</summary>
    internal Offset From => _retained?.From ?? Offset.Zero;

    /// <summary>Opens the retained postings. Must be called first.</summary>
    internal void Open()
    {
        if (target.Keep is null) return;
        _retained = target.Keep();
        _skipped = _retained.Checkpoint.Skipped;
    }

    /// <summary>Copies the retained postings into the load. Any one thread of the scan may call it.</summary>
    internal void CopyRetained(CancellationToken stop)
    {
        if (_retained is null) return;
        try
        {
            _retained.AddTo(NewSink(), stop);
        }
        catch (Exception cause) when (cause is not (OutOfMemoryException or OperationCanceledException))
        {
            Fail(From, cause);
        }
    }

    /// <summary>A sink for the rows of one thread.</summary>
    internal BulkSink NewSink() => _loader.NewSink();

    /// <summary>
    /// The view's <c>Apply</c>. A delegate call is faster than interface dispatch over many view types.
    /// </summary>
    internal Action<DecodedRecord, RowSink> Apply { get; } = target.View.Apply;

    /// <summary>True when the view applies the record. A record that is not JSON is skipped and counted.</summary>
    internal bool Takes(DecodedRecord message)
    {
        if (_failure is not null || message.Offset < From) return false;
        // The retained checkpoint already counts the skipped records up to its since.
        if (!message.IsJson && (_retained is null || message.Offset > _retained.Checkpoint.Since))
            Interlocked.Increment(ref _skipped);
        return message.IsJson;
    }

    /// <summary>Excludes this view from the scan because its <c>Apply</c> threw.</summary>
    internal void Fail(Offset at, Exception cause) =>
        Interlocked.CompareExchange(ref _failure, new ViewApplyException(target.View.Name, at, cause), null);

    /// <summary>Sorts and packs.</summary>
    internal void Pack((Offset At, uint Fingerprint) since, int degree, CancellationToken stop)
    {
        if (_failure is not null) return;
        _sealStart = Stopwatch.GetTimestamp();
        Checkpoint next = Checkpoint.At(target.View.Version, since.At, _skipped);
        _loader.Pack(next with { Fingerprint = since.Fingerprint }, degree, stop);
    }

    /// <summary>Ingests the packed tables and the checkpoint together.</summary>
    internal void TakeIn(CancellationToken stop)
    {
        if (_failure is not null) return;
        _loader.TakeIn(stop);
        _sealTime = Stopwatch.GetElapsedTime(_sealStart);
    }

    /// <summary>The result for this view.</summary>
    internal BulkViewResult Result() =>
        new(target.View.Name, _failure is null ? target.Store.Checkpoint.BasePostings : 0, _sealTime, _failure);

    /// <inheritdoc/>
    public void Dispose()
    {
        _retained?.Dispose();
        _loader.Dispose();
    }
}
