namespace Flume.Query.MapFilterReduce;

/// <summary>
/// The memory limits of one running query: the items that <c>$sort</c>, <c>$collect</c> and groups hold.
/// </summary>
/// <param name="HeldItemsMax">Items and groups held at once by all stages of one query, inclusive.</param>
/// <param name="HeldBytesMax">Bytes of JSON text of these items, inclusive; a computed value counts as 64.</param>
public sealed record QueryLimits(int HeldItemsMax = 1_000_000, long HeldBytesMax = 512L << 20)
{
    /// <summary>The configuration's key of <see cref="HeldItemsMax"/>, for errors.</summary>
    public const string ItemsKey = "flume.reads.held-items-max";

    /// <summary>The configuration's key of <see cref="HeldBytesMax"/>, for errors.</summary>
    public string BytesKey { get; init; } = "flume.reads.held-bytes-max";

    /// <summary>A million items, 512 MiB.</summary>
    public static readonly QueryLimits Default = new();
}
