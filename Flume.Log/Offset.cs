using System.Globalization;

namespace Flume.Log;

/// <summary>The byte position at which a record starts in a log. JavaScript flume calls it <c>seq</c>.</summary>
/// <remarks>Valid offsets are 0 to 2^53-1. <see cref="None"/> (-1) means "before the first record".</remarks>
public readonly record struct Offset(long Value) : IComparable<Offset>
{
    /// <summary>Before the first record. The head of an empty log and the since of an empty view.</summary>
    public static readonly Offset None = new(-1);

    /// <summary>The offset of the first record of any log.</summary>
    public static readonly Offset Zero = new(0);

    /// <summary>The largest possible offset: 2^53-1, the largest exact integer of JavaScript.</summary>
    public const long Max = (1L << 53) - 1;

    /// <summary>False for <see cref="None"/>.</summary>
    public bool IsSome => Value >= 0;

    /// <inheritdoc/>
    public int CompareTo(Offset other) => Value.CompareTo(other.Value);

    /// <summary>Compares the positions in the log.</summary>
    public static bool operator <(Offset a, Offset b) => a.Value < b.Value;

    /// <summary>Compares the positions in the log.</summary>
    public static bool operator >(Offset a, Offset b) => a.Value > b.Value;

    /// <summary>Compares the positions in the log.</summary>
    public static bool operator <=(Offset a, Offset b) => a.Value <= b.Value;

    /// <summary>Compares the positions in the log.</summary>
    public static bool operator >=(Offset a, Offset b) => a.Value >= b.Value;

    /// <summary>The decimal number, as in JSON.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
