using Flume.Log;
using Flume.Views.Records;
using Flume.Views.Store.Bulk;

namespace Flume.Views.Rebuilds;

/// <summary>One thread of a scan: takes a run of records, decodes each once, applies it to every view.</summary>
internal sealed class BulkWorker : IDisposable
{
    private readonly RecordBatch _run = new();
    private readonly RecordDecoder _decoder;
    private readonly BulkView[] _views;
    private readonly BulkSink[] _sinks;

    internal BulkWorker(BulkRequest request, BulkView[] views)
    {
        _decoder = request.Format.NewDecoder();
        _views = views;
        _sinks = Array.ConvertAll(views, view => view.NewSink());
    }

    /// <summary>Records of the last run, skipped ones included.</summary>
    internal int RunRecords { get; private set; }

    /// <summary>Bytes of log of the last run.</summary>
    internal int RunBytes { get; private set; }

    /// <summary>Takes and applies the next run; false when the scan is done.</summary>
    internal bool ApplyRun(LogScanner scanner, CancellationToken stop)
    {
        if (!scanner.ReadRun(_run)) return false;
        ReadOnlySpan<RunRecord> records = _run.Records;
        for (int i = 0; i < records.Length; i++)
        {
            if ((i & 1023) == 0) stop.ThrowIfCancellationRequested();
            RunRecord record = records[i];
            DecodedRecord message = _decoder.Decode(record.Offset, _run.Payload(record));
            for (int view = 0; view < _views.Length;) view = ApplyFrom(view, message);
        }

        RunRecords = _run.Frames;
        RunBytes = _run.Bytes;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _run.Dispose();

    /// <summary>Applies a record to the views from one on; returns the one behind that which failed, or behind all.</summary>
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
