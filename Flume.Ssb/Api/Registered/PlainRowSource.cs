using System.Text;
using Flume.Log;
using Flume.Query.Json;
using Flume.Views.Store;

namespace Flume.Ssb.Api.Registered;

/// <summary>Reads the plain rows of a plug-in view. Keys are text; values are JSON or text.</summary>
internal sealed class PlainRowSource(string view) : RowSource
{
    /// <inheritdoc/>
    internal override void Check(ReadOptions options)
    {
        RefuseBounds(options, $"View '{view}'");
        if (options.Live)
            throw ApiException.Parameter($"View '{view}' can't be read live here: its own API methods say how it is.");
    }

    /// <inheritdoc/>
    internal override IEnumerable<JsValue> Stored(IViewReader rows, ReadOptions options) =>
        (options.Reverse ? rows.Rows([]).Reverse() : rows.Rows([])).Select(row => JsValue.From(new JsObject()
            .Set("key", JsValue.From(Encoding.UTF8.GetString(row.Key))).Set("value", Value(row.Value))));

    /// <summary>Not supported: plug-in views have no live read.</summary>
    internal override IEnumerable<JsValue> Changed(IViewReader rows, ReadOptions options, Offset since) => [];

    private static JsValue Value(byte[] value)
    {
        try
        {
            return JsValue.ParseWhole(value);
        }
        catch (JsSyntaxException)
        {
            return JsValue.From(Encoding.UTF8.GetString(value));
        }
    }
}
