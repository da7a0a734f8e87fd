using System.Diagnostics;
using Flume.Log;
using Flume.Views.Records;
using Flume.Views.Store.Bulk;
using Flume.Views.Store;

namespace Flume.Views.Rebuilds;

/// <summary>One view within a scan: its loader, what it skipped, and its failure if it has one.</summary>
internal sealed class BulkView(BulkTarget target, BulkMemory memory) : IDisposable
{
    private readonly BulkLoader _loader = new(target.Opening, memory);
    private RetainedPostings? _kept;
    private ViewApplyException? _failure;
    private long _skipped;
    private long _sealStart;
    private TimeSpan _sealTime;

    /// <summary>How many postings were collected, repetitions included.</summary>
    internal long Collected => _loader.Collected;

    /// <summary>The first offset that is applied.</summary>
    internal Offset From => _kept?.From ?? Offset.Zero;

    /// <summary>Looks up what is kept; comes before everything else.</summary>
    internal void Open()
    {
        if (target.Keep is null) return;
        _kept = target.Keep();
        _skipped = _kept.Checkpoint.Skipped;
    }

    /// <summary>Takes the kept rows over; on any one thread of the scan.</summary>
    internal void TakeKept(CancellationToken stop)
    {
        if (_kept is null) return;
        try
        {
            _kept.AddTo(NewSink(), stop);
        }
        catch (Exception cause) when (cause is not (OutOfMemoryException or OperationCanceledException))
        {
            Fail(From, cause);
        }
    }

    /// <summary>Rows of one thread.</summary>
    internal BulkSink NewSink() => _loader.NewSink();

    /// <summary>What derives its rows. A delegate: to call one costs less than to find out which of nine views is meant.</summary>
    internal Action<DecodedRecord, RowSink> Apply { get; } = target.View.Apply;

    /// <summary>True when the record is to be applied; one that is no JSON is skipped and counted.</summary>
    internal bool Takes(DecodedRecord message)
    {
        if (_failure is not null || message.Offset < From) return false;
        // What the kept rows' checkpoint reflects, it has counted.
        if (!message.IsJson && (_kept is null || message.Offset > _kept.Checkpoint.Since))
            Interlocked.Increment(ref _skipped);
        return message.IsJson;
    }

    /// <summary>Gives this view up: its <c>Apply</c> threw.</summary>
    internal void Fail(Offset at, Exception cause) =>
        Interlocked.CompareExchange(ref _failure, new ViewApplyException(target.View.Name, at, cause), null);

    /// <summary>Sorts and packs.</summary>
    internal void Pack(Offset since, int degree, CancellationToken stop)
    {
        if (_failure is not null) return;
        _sealStart = Stopwatch.GetTimestamp();
        _loader.Pack(Checkpoint.At(target.View.Version, since, _skipped), degree, stop);
    }

    /// <summary>Ingests what was packed, with the checkpoint in the same ingest.</summary>
    internal void TakeIn(CancellationToken stop)
    {
        if (_failure is not null) return;
        _loader.TakeIn(stop);
        _sealTime = Stopwatch.GetElapsedTime(_sealStart);
    }

    /// <summary>What became of it.</summary>
    internal BulkViewResult Result() =>
        new(target.View.Name, _failure is null ? target.Store.Checkpoint.BasePostings : 0, _sealTime, _failure);

    /// <inheritdoc/>
    public void Dispose()
    {
        _kept?.Dispose();
        _loader.Dispose();
    }
}
