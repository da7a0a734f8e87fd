using Flume.Log;

namespace Flume.Actors;

/// <summary>The limits of queued appends and of one write.</summary>
/// <param name="WaitingMax">Most queued payloads; an append that exceeds it is rejected.</param>
/// <param name="WaitingBytesMax">Most queued bytes; an append that exceeds it is rejected.</param>
/// <param name="GroupMax">Most payloads in one write; a single append may exceed it.</param>
/// <param name="GroupBytesMax">Most bytes in one write; a single append may exceed it.</param>
/// <param name="RecordBytesMax">Most bytes of one payload.</param>
internal sealed record AppendLimits(
    int WaitingMax, long WaitingBytesMax, int GroupMax, long GroupBytesMax, int RecordBytesMax)
{
    /// <summary>The limits of a log opened with <paramref name="options"/>.</summary>
    public static AppendLimits From(AppendSettings settings, LogOptions options) => new(
        settings.WaitingMax, settings.WaitingBytesMax, settings.GroupMax, settings.GroupBytesMax,
        options.RecordBytesMax);
}
