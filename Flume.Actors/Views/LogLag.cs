using Flume.Log;
using Flume.Ssb.Api;

namespace Flume.Actors;

/// <summary>Measures the lag of a view behind its log.</summary>
internal static class LogLag
{
    private const int CountedMax = 1024;

    /// <summary>
    /// The lag from <paramref name="since"/> (exclusive) to the head. It counts up to 1024 records; beyond them it
    /// estimates the number from their average length.
    /// </summary>
    public static ViewLag Measure(OffsetLog log, Offset since, double seconds)
    {
        long end = log.EndPosition;
        if (since >= log.Head) return default;
        try
        {
            long first = log.Next(since).Value;
            long at = first;
            long counted = 0;
            for (; at < end && counted < CountedMax; counted++) at = log.Next(new Offset(at)).Value;
            long bytes = end - first;
            long records = at >= end ? counted : (long)(bytes * ((double)counted / (at - first)));
            return new(records, bytes, seconds);
        }
        catch (Exception cause) when (cause is LogException or IOException)
        {
            // The record is damaged or unreadable, or since belongs to another log: only the bytes are known.
            return new(0, Math.Max(0, end - Math.Max(0, since.Value)), seconds);
        }
    }
}
