using System.Text;
using Flume.Log;
using Flume.Query.Json;
using Flume.Views.Registered;
using Flume.Views.Store;

namespace Flume.Ssb.Api.Registered;

/// <summary>Reads the state of a client view, or its rows by key.</summary>
internal sealed class ClientSource(string view) : RowSource
{
    /// <inheritdoc/>
    internal override void Check(ReadOptions options)
    {
        if (!options.Rows) RefuseBounds(options, $"The state of view '{view}'");
        else Bounds(options);
    }

    /// <inheritdoc/>
    internal override IEnumerable<JsValue> Stored(IViewReader rows, ReadOptions options) =>
        options.Rows ? Rows(rows, options, Offset.None) : State(rows);

    /// <inheritdoc/>
    internal override IEnumerable<JsValue> Changed(IViewReader rows, ReadOptions options, Offset since) =>
        options.Rows ? Rows(rows, options, since) : rows.Checkpoint.Since > since ? State(rows) : [];

    /// <summary>The value of a row, or the state. The state is undefined before the first commit.</summary>
    internal static JsValue Get(IViewReader rows, JsValue key)
    {
        if (key.IsUndefined)
            return rows.TryGet(RegisteredRows.State, out byte[] state) ? JsValue.Parse(state) : JsValue.Undefined;
        if (!key.IsString)
            throw ApiException.Parameter($"The key of a row can't be {key.ToJson()}: expected a string.");
        return rows.TryGet(RegisteredRows.RowKey(key.AsString), out byte[] value)
            ? JsValue.Parse(value.AsMemory(RegisteredRows.OffsetBytes))
            : throw ApiException.NotFound($"There is no row '{key.AsString}'.");
    }

    private static IEnumerable<JsValue> State(IViewReader rows)
    {
        JsValue state = Get(rows, JsValue.Undefined);
        return state.IsUndefined ? [] : [state];
    }

    private static IEnumerable<JsValue> Rows(IViewReader rows, ReadOptions options, Offset changedAfter)
    {
        (byte[] low, byte[] high) = Bounds(options);
        if (low.AsSpan().SequenceCompareTo(high) > 0) yield break;
        foreach ((byte[] key, byte[] value) in rows.Rows(low, high, options.Reverse))
        {
            if (key[0] != RegisteredRows.Row || RegisteredRows.OffsetOf(value) <= changedAfter) continue;
            yield return JsValue.From(new JsObject()
                .Set("key", JsValue.From(Encoding.UTF8.GetString(key.AsSpan(1))))
                .Set("value", JsValue.Parse(value.AsMemory(RegisteredRows.OffsetBytes))));
        }
    }

    /// <summary>
    /// Both bounds are inclusive. UTF-8 text has no byte 0xFF. No text sorts between a text and the same text plus a
    /// zero byte.
    /// </summary>
    private static (byte[] Low, byte[] High) Bounds(ReadOptions options)
    {
        byte[] low = Key(options, "gt") is { } gt ? [.. gt, 0] : Key(options, "gte") ?? [RegisteredRows.Row];
        if (Key(options, "lte") is { } lte && Key(options, "lt") is null) return (low, lte);
        return (low, Key(options, "lt") is { } lt ? Before(lt) : [RegisteredRows.Row, 0xFF]);
    }

    private static byte[] Before(byte[] key) => key[^1] == 0 ? key[..^1] : [.. key[..^1], (byte)(key[^1] - 1), 0xFF];

    private static byte[]? Key(ReadOptions options, string bound) => options.Given[bound] switch
    {
        { IsUndefined: true } => null,
        { IsString: true } text => RegisteredRows.RowKey(text.AsString),
        JsValue other =>
            throw ApiException.Parameter($"The bound '{bound}' can't be {other.ToJson()}: expected a key, a string."),
    };
}
