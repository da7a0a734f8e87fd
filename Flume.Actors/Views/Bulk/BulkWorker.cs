using Flume.Codec;
using Flume.Log;
using Flume.Store;

namespace Flume.Views.Bulk;

/// <summary>One thread of a scan: takes a run of records, decodes each once, applies it to every view.</summary>
internal sealed class BulkWorker : IDisposable
{
    private readonly LogRun _run = new();
    private readonly DecodedMessage _message = new();
    private readonly MessageDecoder _decoder;
    private readonly BulkView[] _views;
    private readonly RowSink[] _sinks;

    internal BulkWorker(BulkRequest request, BulkView[] views)
    {
        _decoder = new MessageDecoder(request.Boxes);
        _views = views;
        _sinks = [.. views.Select(view => view.NewSink())];
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
            bool isMessage = _decoder.Decode(
                record.Offset, new ReadOnlyMemory<byte>(_run.Buffer, record.Start, record.Length), _message);
            for (int v = 0; v < _views.Length; v++) _views[v].Apply(_sinks[v], _message, isMessage);
        }
        RunRecords = _run.Frames;
        RunBytes = _run.Bytes;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _run.Dispose();
}
