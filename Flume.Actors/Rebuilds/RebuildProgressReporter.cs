using Flume.Views.Rebuilds;
using static Flume.Actors.Protocol.RebuildProtocol;

namespace Flume.Actors;

/// <summary>Turns what a scan's threads report into news at a bearable rate.</summary>
/// <remarks>
/// Reports come from any thread, many a second; <paramref name="tell"/> is called at most once in the time given, and for
/// every change of the phase.
/// </remarks>
internal sealed class RebuildProgressReporter(TimeProvider time, TimeSpan every, Action<RebuildProgress> tell) : IProgress<BulkProgress>
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
