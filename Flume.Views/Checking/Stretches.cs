using Flume.Log;

namespace Flume.Views.Checking;

/// <summary>Cuts a log into stretches of equal length, so that a difference is known to lie in one of them.</summary>
internal sealed class Stretches(Offset since)
{
    /// <summary>How many there are.</summary>
    public const int Count = 4096;

    private readonly long _length = Math.Max(1, (Math.Max(0, since.Value) / Count) + 1);

    /// <summary>The stretch that an offset lies in; the last one for offsets beyond since.</summary>
    public int Of(long offset) => (int)Math.Min(offset / _length, Count - 1);
}
