using Flume.Log;

namespace Flume.Actors;

/// <summary>How much may wait to be appended, and how much goes into one write.</summary>
/// <param name="WaitingMax">Payloads that may wait; an append beyond that is refused.</param>
/// <param name="WaitingBytesMax">Bytes that may wait; likewise.</param>
/// <param name="GroupMax">Payloads in one write, unless a single append has more.</param>
/// <param name="GroupBytesMax">Bytes in one write; likewise.</param>
/// <param name="RecordBytesMax">Bytes of one payload.</param>
internal sealed record AppendLimits(
    int WaitingMax, long WaitingBytesMax, int GroupMax, long GroupBytesMax, int RecordBytesMax)
{
    /// <summary>The limits of a log opened with <paramref name="options"/>.</summary>
    public static AppendLimits From(AppendSettings settings, LogOptions options) => new(
        settings.WaitingMax, settings.WaitingBytesMax, settings.GroupMax, settings.GroupBytesMax, options.RecordBytesMax);
}
