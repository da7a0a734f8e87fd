using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Flume.Log.Primitives;

/// <summary>
/// Maps JavaScript scalars to 64-bit keys. The unsigned order of keys equals the order of a JavaScript index.
/// </summary>
/// <remarks>
/// The order is null &lt; false &lt; true &lt; numbers &lt; strings &lt; arrays (charwise, docs/spec 3.1). Numbers are
/// exact. Strings keep their first six bytes, so strings with equal prefixes share a key. A range over strings is a
/// superset, which the reader checks against the records.
/// </remarks>
public static class SortKey
{
    /// <summary>Below every key.</summary>
    public const ulong Lowest = 0;

    /// <summary>Above every key.</summary>
    public const ulong Highest = ulong.MaxValue;

    /// <summary>The key of <c>null</c>.</summary>
    public const ulong Null = 1;

    /// <summary>The key of <c>false</c>.</summary>
    public const ulong False = 2;

    /// <summary>The key of <c>true</c>.</summary>
    public const ulong True = 3;

    /// <summary>
    /// The key of NaN, between the negative numbers and 0. JSON has no NaN, but a derived time can be NaN.
    /// </summary>
    public const ulong NaN = 0x7FFF_FFFF_FFFF_FFFF;

    private const ulong Strings = 0xFFF1_0000_0000_0000;

    /// <summary>The key of every array: above all strings.</summary>
    public const ulong Array = 0xFFFA_0000_0000_0000;

    /// <summary>The key of a number; -0 is 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(double number)
    {
        if (double.IsNaN(number)) return NaN;
        ulong bits = BitConverter.DoubleToUInt64Bits(number + 0.0);
        return (bits >> 63) == 0 ? bits | (1UL << 63) : ~bits;
    }

    /// <summary>The number that <see cref="Of(double)"/> mapped to <paramref name="key"/>.</summary>
    public static double ToNumber(ulong key) =>
        BitConverter.UInt64BitsToDouble((key >> 63) == 1 ? key & ~(1UL << 63) : ~key);

    /// <summary>True if <paramref name="key"/> is the exact key of a number. NaN does not count.</summary>
    public static bool IsNumber(ulong key) =>
        key > 0x000F_FFFF_FFFF_FFFE && key <= 0xFFF0_0000_0000_0000 && key != NaN;

    /// <summary>The key of a string: its first six UTF-8 bytes, above every number.</summary>
    public static ulong Of(ReadOnlySpan<byte> utf8)
    {
        Span<byte> head = stackalloc byte[8];
        head.Clear();
        utf8[..Math.Min(6, utf8.Length)].CopyTo(head[2..]);
        return Strings + BinaryPrimitives.ReadUInt64BigEndian(head);
    }
}
