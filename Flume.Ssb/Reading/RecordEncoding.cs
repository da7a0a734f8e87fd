using System.Text;
using Flume.Query.Json;
using Flume.Ssb.Api;

namespace Flume.Ssb.Reading;

/// <summary>Encodes records as JSON: as values, text or base64.</summary>
internal sealed class RecordEncoding
{
    private static readonly RecordEncoding Json = new(
        static value => value.IsUndefined ? throw Wrong(value, "a JSON value") : JsWriter.ToUtf8(value),
        JsValue.ParseWhole);

    private static readonly RecordEncoding Utf8 = new(
        static value => value.IsString ? Encoding.UTF8.GetBytes(value.AsString) : throw Wrong(value, "a string"),
        static payload => JsValue.From(Encoding.UTF8.GetString(payload.Span)));

    private static readonly RecordEncoding Base64 = new(
        FromBase64, static payload => JsValue.From(Convert.ToBase64String(payload.Span)));

    private readonly Func<JsValue, ReadOnlyMemory<byte>> _toPayload;
    private readonly Func<ReadOnlyMemory<byte>, JsValue> _toValue;

    private RecordEncoding(
        Func<JsValue, ReadOnlyMemory<byte>> toPayload, Func<ReadOnlyMemory<byte>, JsValue> toValue) =>
        (_toPayload, _toValue) = (toPayload, toValue);

    /// <summary>The encoding by name: json (the default), utf8 or base64.</summary>
    /// <exception cref="ApiException">The name is unknown.</exception>
    internal static RecordEncoding Parse(JsValue name) => name.IsUndefined ? Json : JsCoercion.ToText(name) switch
    {
        "json" => Json,
        "utf8" => Utf8,
        "base64" => Base64,
        string other =>
            throw ApiException.Parameter($"'{other}' is no encoding of records. Expected json, utf8 or base64."),
    };

    /// <summary>The bytes to append for a value.</summary>
    /// <exception cref="ApiException">The value does not match this encoding.</exception>
    internal ReadOnlyMemory<byte> ToPayload(JsValue value) => _toPayload(value);

    /// <summary>The value of a record.</summary>
    /// <exception cref="JsSyntaxException">The encoding is json, but the record is not JSON.</exception>
    internal JsValue ToValue(ReadOnlyMemory<byte> payload) => _toValue(payload);

    private static ReadOnlyMemory<byte> FromBase64(JsValue value)
    {
        byte[] bytes = new byte[value.IsString ? value.AsString.Length : 0];
        return value.IsString && Convert.TryFromBase64String(value.AsString, bytes, out int length)
            ? bytes.AsMemory(0, length)
            : throw Wrong(value, "a string of base64");
    }

    private static ApiException Wrong(JsValue value, string expected) =>
        ApiException.Parameter($"A record can't be made of {value.Kind}. Expected {expected}.");
}
