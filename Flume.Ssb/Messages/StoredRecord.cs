using System.Buffers;
using Flume.Query.Json;

namespace Flume.Ssb.Messages;

/// <summary>
/// A message as the log stores it: <c>{"key":…,"value":…,"timestamp":…}</c>, compact (docs/spec 5.6).
/// </summary>
public static class StoredRecord
{
    /// <summary>The stored object, which most calls return.</summary>
    /// <param name="key">The message's id.</param>
    /// <param name="value">The message with its members in the received order.</param>
    /// <param name="received">The time of receipt in milliseconds since 1970.</param>
    public static JsObject Of(string key, JsValue value, double received) => new JsObject()
        .Set("key", JsValue.From(key))
        .Set("value", value)
        .Set("timestamp", JsValue.From(received));

    /// <summary>The bytes of the record in the log.</summary>
    public static ReadOnlyMemory<byte> Encode(string key, JsValue value, double received) =>
        JsWriter.ToUtf8(JsValue.From(Of(key, value, received)));

    /// <summary>Writes the bytes of the record.</summary>
    public static void Write(JsObject record, IBufferWriter<byte> output) =>
        JsWriter.Write(JsValue.From(record), output);
}
