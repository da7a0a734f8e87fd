using Flume.Query.Json;
using Flume.Ssb.Messages;

namespace Flume.Ssb.Reading;

/// <summary>
/// Formats messages for ssb-db's streams: key and value, key, or value, with private content if requested.
/// </summary>
internal static class MessageFormat
{
    /// <summary>The formatter for <paramref name="options"/>. Its input is a message, decrypted if possible.</summary>
    internal static Func<JsValue, JsValue> For(StreamOptions options) =>
        For(options.Keys, options.Values, options.Private);

    /// <summary>The formatter for these three options.</summary>
    internal static Func<JsValue, JsValue> For(bool keys, bool values, bool showPrivate) =>
        (keys, values, showPrivate) switch
        {
            (true, true, true) => static message => message,
            (true, true, false) => Original,
            (true, false, _) => static message => message["key"],
            (_, _, true) => static message => message["value"],
            (_, _, false) => static message => Original(message)["value"],
        };

    /// <summary>A message as signed by its author.</summary>
    internal static JsValue Original(JsValue message) =>
        RecordText.MayBeDecorated(message) ? MessageView.Original(message) : message;
}
