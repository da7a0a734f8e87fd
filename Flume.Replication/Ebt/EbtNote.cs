namespace Flume.Replication.Ebt;

/// <summary>What one side says of one feed: how far it is, and whether it wants more.</summary>
/// <param name="Sequence">The newest sequence that it has; 0 for none, -1 when it does not replicate the feed.</param>
/// <param name="Receive">True when the other side shall send what follows.</param>
internal readonly record struct EbtNote(long Sequence, bool Receive)
{
    /// <summary>The largest number on the wire: peers shift 32-bit integers.</summary>
    public const long ValueMax = int.MaxValue;

    /// <summary>The note of a side that does not replicate the feed.</summary>
    public static EbtNote Refusal { get; } = new(-1, false);

    /// <summary>The number that goes on the wire.</summary>
    public long Encode() => Sequence < 0 ? -1 : (Sequence << 1) | (Receive ? 0L : 1L);

    /// <summary>Reads a number of the wire. A fraction counts as a refusal.</summary>
    /// <returns>False for a number outside the range, which says nothing.</returns>
    public static bool TryDecode(double value, out EbtNote note)
    {
        note = Refusal;
        if (value != Math.Floor(value)) return !double.IsNaN(value) && !double.IsInfinity(value);
        if (value is < -1 or > ValueMax) return false;
        if (value >= 0) note = new EbtNote((long)value >> 1, ((long)value & 1) == 0);
        return true;
    }
}
