using Flume.Log;
using Flume.Ssb.Api;

namespace Flume.Actors;

/// <summary>Measures how far a view is behind its log.</summary>
internal static class LogLag
{
    private const int CountedMax = 1024;

    /// <summary>
    /// The lag from <paramref name="since"/> (exclusive) to the head. Up to 1024 records are counted; more are estimated
    /// by the length of those.
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
            // Damaged or unreadable there, or since is of another log: the bytes are all that can be said.
            return new(0, Math.Max(0, end - Math.Max(0, since.Value)), seconds);
        }
    }
}
