using System.Runtime.CompilerServices;

namespace Flume.Views.Store;

/// <summary>
/// One row of an index: the record at <paramref name="Offset"/> has the exact fields <paramref name="A"/> stands for
/// and sorts at <paramref name="B"/> among the records that share them.
/// </summary>
/// <param name="A">The fingerprint of the exact field or fields, or 0 for an index without any.</param>
/// <param name="B">The sort key: a time, a sequence and the like as an unsigned number of the same order.</param>
/// <param name="Offset">Where the record starts in the log; 0 or more.</param>
public readonly record struct Posting(ulong A, ulong B, long Offset) : IComparable<Posting>
{
    /// <summary>Not above any posting.</summary>
    public static readonly Posting Lowest = new(0, 0, 0);

    /// <summary>Not below any posting.</summary>
    public static readonly Posting Highest = new(ulong.MaxValue, ulong.MaxValue, long.MaxValue);

    /// <summary>Written out: the one that a record comes with asks a comparer for each field.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Equals(Posting other) => A == other.A && B == other.B && Offset == other.Offset;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(A, B, Offset);

    /// <summary>By A, then B, then offset: the order of every index.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int CompareTo(Posting other)
    {
        if (A != other.A) return A < other.A ? -1 : 1;
        if (B != other.B) return B < other.B ? -1 : 1;
        return Offset.CompareTo(other.Offset);
    }

    /// <summary>True when <paramref name="left"/> sorts before <paramref name="right"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool operator <(Posting left, Posting right) =>
        left.A != right.A ? left.A < right.A
        : left.B != right.B ? left.B < right.B
        : left.Offset < right.Offset;

    /// <summary>True when <paramref name="left"/> sorts after <paramref name="right"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool operator >(Posting left, Posting right) => right < left;

    /// <summary>True when <paramref name="left"/> does not sort after <paramref name="right"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool operator <=(Posting left, Posting right) => !(right < left);

    /// <summary>True when <paramref name="left"/> does not sort before <paramref name="right"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool operator >=(Posting left, Posting right) => !(left < right);
}

/// <summary>A posting with the number of its index: the order of a whole store.</summary>
internal readonly record struct IndexedPosting(byte Index, Posting Posting) : IComparable<IndexedPosting>
{
    public int CompareTo(IndexedPosting other) =>
        Index != other.Index ? Index.CompareTo(other.Index) : Posting.CompareTo(other.Posting);
}
