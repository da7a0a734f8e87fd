using Flume.Log;
using Flume.Views.Records;
using Flume.Views.Store.Bulk;

namespace Flume.Views.Rebuilds;

/// <summary>One thread of a scan. It takes a batch, decodes each record once and applies it to every view.</summary>
internal sealed class BulkWorker : IDisposable
{
    private readonly RecordBatch _batch = new();
    private readonly RecordDecoder _decoder;
    private readonly BulkView[] _views;
    private readonly BulkSink[] _sinks;

    internal BulkWorker(BulkRequest request, BulkView[] views)
    {
        _decoder = request.Format.NewDecoder();
        _views = views;
        _sinks = Array.ConvertAll(views, view => view.NewSink());
    }

    /// <summary>The number of records in the last batch, including skipped ones.</summary>
    internal int RunRecords { get; private set; }

    /// <summary>The bytes of log in the last batch.</summary>
    internal int RunBytes { get; private set; }

    /// <summary>Takes and applies the next batch; false at the end of the scan.</summary>
    internal bool ApplyRun(LogScanner scanner, CancellationToken stop)
    {
        if (!scanner.ReadRun(_batch)) return false;
        ReadOnlySpan<RunRecord> records = _batch.Records;
        for (int i = 0; i < records.Length; i++)
        {
            if ((i & 1023) == 0) stop.ThrowIfCancellationRequested();
            RunRecord record = records[i];
            DecodedRecord message = _decoder.Decode(record.Offset, _batch.Payload(record));
            for (int view = 0; view < _views.Length;) view = ApplyFrom(view, message);
        }

        RunRecords = _batch.Frames;
        RunBytes = _batch.Bytes;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _batch.Dispose();

    /// <summary>
    /// Applies a record to the views from an index on. Returns the index after the failed view, or after all views.
    /// </summary>
    private int ApplyFrom(int view, DecodedRecord message)
    {
        try
        {
            for (; view < _views.Length; view++)
            {
                if (!_views[view].Takes(message)) continue;
                BulkSink sink = _sinks[view];
                sink.Offset = message.Offset.Value;
                _views[view].Apply(message, sink);
            }
        }
        catch (Exception cause) when (cause is not OutOfMemoryException)
        {
            _views[view++].Fail(message.Offset, cause);
        }

        return view;
    }
}
