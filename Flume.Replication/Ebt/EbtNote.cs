namespace Flume.Replication.Ebt;

/// <summary>The announcement of one side about one feed: its newest sequence, and whether it requests more.</summary>
/// <param name="Sequence">The newest sequence; 0 for no message, -1 if the side does not replicate the feed.</param>
/// <param name="Receive">True if the other side shall send later messages.</param>
internal readonly record struct EbtNote(long Sequence, bool Receive)
{
    /// <summary>The largest number on the wire, because peers shift 32-bit integers.</summary>
    public const long ValueMax = int.MaxValue;

    /// <summary>The note of a side that does not replicate the feed.</summary>
    public static EbtNote Refusal { get; } = new(-1, false);

    /// <summary>The number on the wire.</summary>
    public long Encode() => Sequence < 0 ? -1 : (Sequence << 1) | (Receive ? 0L : 1L);

    /// <summary>Decodes a number on the wire. A fraction is a refusal.</summary>
    /// <returns>False for a number outside the range, which is ignored.</returns>
    public static bool TryDecode(double value, out EbtNote note)
    {
        note = Refusal;
        if (value != Math.Floor(value)) return !double.IsNaN(value) && !double.IsInfinity(value);
        if (value is < -1 or > ValueMax) return false;
        if (value >= 0) note = new EbtNote((long)value >> 1, ((long)value & 1) == 0);
        return true;
    }
}
