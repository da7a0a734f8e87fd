using Flume.Codec.Json;

namespace Flume.MapFilterReduce;

/// <summary>Counts what one running query holds, and stops it at its limits.</summary>
/// <remarks>Counts only grow: a run holds what it holds until it ends.</remarks>
internal sealed class HeldItems(QueryLimits limits)
{
    private const int MadeValueBytes = 64;

    private int _items;
    private long _bytes;

    /// <summary>Counts one more item that <paramref name="stage"/> keeps.</summary>
    /// <exception cref="QueryLimitException">It is one too many.</exception>
    public void Add(in JsValue item, string stage)
    {
        _bytes += item.Kind switch
        {
            JsKind.String or JsKind.Array or JsKind.Object when item.TryGetRaw(out ReadOnlyMemory<byte> raw) => raw.Length,
            _ => MadeValueBytes,
        };
        _items++;
        if (_items > limits.HeldItemsMax) throw Exceeded(stage, "held-items-max", _items, limits.HeldItemsMax);
        if (_bytes > limits.HeldBytesMax) throw Exceeded(stage, "held-bytes-max", _bytes, limits.HeldBytesMax);
    }

    private static QueryLimitException Exceeded(string stage, string limit, long wanted, long allowed) => new(
        $"{stage} cannot hold {wanted} {(limit.Contains("items", StringComparison.Ordinal) ? "items" : "bytes")} in memory: " +
        $"the limit {limit} is {allowed}. Narrow the query with a $filter, keep fewer fields with a $map before it, or " +
        $"raise {limit}.");
}
