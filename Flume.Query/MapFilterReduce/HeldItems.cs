using Flume.Query.Json;

namespace Flume.Query.MapFilterReduce;

/// <summary>Counts the items that one running query holds, and stops the query at its limits.</summary>
/// <remarks>Counts only increase: a run releases nothing before its end.</remarks>
internal sealed class HeldItems(QueryLimits limits)
{
    private const int MadeValueBytes = 64;

    private int _items;
    private long _bytes;

    /// <summary>Counts one more item that <paramref name="stage"/> keeps.</summary>
    /// <exception cref="QueryLimitException">The item exceeds a limit.</exception>
    public void Add(in JsValue item, string stage)
    {
        bool isLarge = item.Kind >= JsKind.String;
        _bytes += isLarge && item.TryGetRaw(out ReadOnlyMemory<byte> raw) ? raw.Length : MadeValueBytes;
        _items++;
        if (_items > limits.HeldItemsMax)
            throw Exceeded(stage, $"{_items} items", QueryLimits.ItemsKey, limits.HeldItemsMax);
        if (_bytes > limits.HeldBytesMax)
            throw Exceeded(stage, $"{_bytes} bytes", limits.BytesKey, limits.HeldBytesMax);
    }

    private static QueryLimitException Exceeded(string stage, string wanted, string key, long allowed) => new(
        $"{stage} cannot hold {wanted} in memory: the limit {key} is {allowed}. " +
        $"Narrow the query with a $filter, keep fewer fields with a $map before {stage}, or raise {key}.")
    {
        Key = key,
        Limit = allowed,
    };
}
