using Flume.Log;

namespace Flume.Views.Checking;

/// <summary>Divides a log into sections of equal length. A checksum per section locates a difference.</summary>
internal sealed class Stretches(Offset since)
{
    /// <summary>The number of sections.</summary>
    public const int Count = 4096;

    private readonly long _length = Math.Max(1, (Math.Max(0, since.Value) / Count) + 1);

    /// <summary>The section that contains an offset. Offsets above since belong to the last section.</summary>
    public int Of(long offset) => (int)Math.Min(offset / _length, Count - 1);
}
