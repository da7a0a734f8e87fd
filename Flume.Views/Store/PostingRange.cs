namespace Flume.Views.Store;

/// <summary>The postings of one index between two bounds, both inclusive.</summary>
/// <remarks>
/// The order is that of <see cref="Posting"/>. A range over B needs one A. A range over offsets needs one A and B.
/// </remarks>
public readonly record struct PostingRange(
    ulong LowA, ulong LowB, long LowOffset, ulong HighA, ulong HighB, long HighOffset)
{
    /// <summary>The whole index.</summary>
    public static PostingRange All { get; } = Between(Posting.Lowest, Posting.Highest);

    /// <summary>The lower bound.</summary>
    public Posting Low => new(LowA, LowB, LowOffset);

    /// <summary>The upper bound.</summary>
    public Posting High => new(HighA, HighB, HighOffset);

    /// <summary>True if the range can contain no posting.</summary>
    public bool IsEmpty => High < Low;

    /// <summary>All postings with these exact fields.</summary>
    public static PostingRange Exact(ulong a) => Exact(a, 0, ulong.MaxValue);

    /// <summary>The postings with these exact fields and this sort key.</summary>
    public static PostingRange Exact(ulong a, ulong b) => Exact(a, b, b);

    /// <summary>The postings with these exact fields and a sort key from <paramref name="lowB"/> to
    /// <paramref name="highB"/>, both inclusive.</summary>
    public static PostingRange Exact(ulong a, ulong lowB, ulong highB) =>
        new(a, lowB, 0, a, highB, long.MaxValue);

    /// <summary>The postings between two bounds, both inclusive.</summary>
    public static PostingRange Between(Posting low, Posting high) =>
        new(low.A, low.B, low.Offset, high.A, high.B, high.Offset);

    /// <summary>True if the posting is in the range.</summary>
    public bool Contains(Posting posting) => posting >= Low && posting <= High;
}
