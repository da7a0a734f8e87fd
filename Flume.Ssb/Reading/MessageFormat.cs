using Flume.Query.Json;
using Flume.Ssb.Messages;

namespace Flume.Ssb.Reading;

/// <summary>How ssb-db's streams show a message: key and value, key, or value; private content shown or not.</summary>
internal static class MessageFormat
{
    /// <summary>
    /// The formatter that <paramref name="options"/> ask for; it takes a message opened where possible.
    /// </summary>
    internal static Func<JsValue, JsValue> For(StreamOptions options) => For(options.Keys, options.Values, options.Private);

    /// <summary>The formatter for these three choices.</summary>
    internal static Func<JsValue, JsValue> For(bool keys, bool values, bool showPrivate) => (keys, values, showPrivate) switch
    {
        (true, true, true) => static message => message,
        (true, true, false) => Original,
        (true, false, _) => static message => message["key"],
        (_, _, true) => static message => message["value"],
        (_, _, false) => static message => Original(message)["value"],
    };

    /// <summary>A message as its author signed it.</summary>
    internal static JsValue Original(JsValue message) =>
        RecordText.MayBeDecorated(message) ? MessageView.Original(message) : message;
}
