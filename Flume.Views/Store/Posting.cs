using System.Runtime.CompilerServices;

namespace Flume.Views.Store;

/// <summary>
/// One row of an index: a record with the exact fields <paramref name="A"/> and the sort key <paramref name="B"/>.
/// </summary>
/// <param name="A">The fingerprint of the exact fields, or 0 for an index without exact fields.</param>
/// <param name="B">The sort key, for example a time or a sequence, as an unsigned number in the same order.</param>
/// <param name="Offset">The offset of the record; 0 or more.</param>
public readonly record struct Posting(ulong A, ulong B, long Offset) : IComparable<Posting>
{
    /// <summary>The lowest possible posting.</summary>
    public static readonly Posting Lowest = new(0, 0, 0);

    /// <summary>The highest possible posting.</summary>
    public static readonly Posting Highest = new(ulong.MaxValue, ulong.MaxValue, long.MaxValue);

    /// <summary>
    /// Compares the fields directly, because the generated method of a record calls a comparer for each field.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Equals(Posting other) => A == other.A && B == other.B && Offset == other.Offset;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(A, B, Offset);

    /// <summary>Compares A, then B, then offset. Every index has this order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int CompareTo(Posting other)
    {
        if (A != other.A) return A < other.A ? -1 : 1;
        if (B != other.B) return B < other.B ? -1 : 1;
        return Offset.CompareTo(other.Offset);
    }

    /// <summary>True if <paramref name="left"/> sorts before <paramref name="right"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool operator <(Posting left, Posting right) =>
        left.A != right.A ? left.A < right.A
        : left.B != right.B ? left.B < right.B
        : left.Offset < right.Offset;

    /// <summary>True if <paramref name="left"/> sorts after <paramref name="right"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool operator >(Posting left, Posting right) => right < left;

    /// <summary>True if <paramref name="left"/> sorts before or equals <paramref name="right"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool operator <=(Posting left, Posting right) => !(right < left);

    /// <summary>True if <paramref name="left"/> sorts after or equals <paramref name="right"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool operator >=(Posting left, Posting right) => !(left < right);
}

/// <summary>A posting with its index number. A whole store has this order.</summary>
internal readonly record struct IndexedPosting(byte Index, Posting Posting) : IComparable<IndexedPosting>
{
    public int CompareTo(IndexedPosting other) =>
        Index != other.Index ? Index.CompareTo(other.Index) : Posting.CompareTo(other.Posting);
}
