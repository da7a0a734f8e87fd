using Flume.Views.Rebuilds;
using static Flume.Actors.Protocol.RebuildProtocol;

namespace Flume.Actors;

/// <summary>Aggregates the progress of the scan threads and reports it at a limited rate.</summary>
/// <remarks>
/// Any thread may report, many times a second. It calls <paramref name="tell"/> at most once per interval, and at
/// every change of the phase.
/// </remarks>
internal sealed class RebuildProgressReporter(TimeProvider time, TimeSpan every, Action<RebuildProgress> tell)
    : IProgress<BulkProgress>
{
    private readonly Lock _lock = new();
    private readonly RateMeter _records = new(time);
    private readonly RateMeter _bytes = new(time);
    private BulkProgress _last;
    private long _reportedAt = time.GetTimestamp();

    /// <inheritdoc/>
    public void Report(BulkProgress value)
    {
        lock (_lock)
        {
            _records.Add(Math.Max(0, value.Records - _last.Records));
            _bytes.Add(Math.Max(0, value.Bytes - _last.Bytes));
            bool isNewPhase = value.Phase != _last.Phase;
            _last = value;
            if (!isNewPhase && time.GetElapsedTime(_reportedAt) < every) return;
            _reportedAt = time.GetTimestamp();
            tell(ToProgress(value));
        }
    }

    private RebuildProgress ToProgress(BulkProgress at)
    {
        double part = at.BytesTotal == 0 ? 1 : Math.Clamp((double)at.Bytes / at.BytesTotal, 0, 1);
        TimeSpan? eta = at.Phase == BulkPhase.Scanning ? _bytes.Eta(at.BytesTotal - at.Bytes) : null;
        return new(part, _records.PerSecond(), eta);
    }
}
