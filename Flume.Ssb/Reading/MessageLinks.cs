using System.Globalization;
using System.Text;
using Flume.Log;
using Flume.Query.Json;
using Flume.Query.Tape;
using Flume.Ssb.Messages;

namespace Flume.Ssb.Reading;

/// <summary>
/// Decodes the message of a result like the links view, so that both find the same links (docs/spec 3.4).
/// </summary>
internal static class MessageLinks
{
    [ThreadStatic]
    private static MessageDecoder? _decoder;

    /// <summary>
    /// The message, decrypted if possible, on the thread's tape. It is valid until the next call. Null if it is not a
    /// message.
    /// </summary>
    internal static DecodedMessage? Of(JsValue message) => Of(message, out _);

    /// <summary>As the other overload, also returning the text that values of a result can refer to.</summary>
    internal static DecodedMessage? Of(JsValue message, out ReadOnlyMemory<byte> text)
    {
        text = message.TryGetRaw(out ReadOnlyMemory<byte> raw) ? raw : JsWriter.ToUtf8(message);
        DecodedMessage decoded = (_decoder ??= new MessageDecoder()).Decode(Offset.None, text.Span);
        return decoded.IsMessage ? decoded : null;
    }

    /// <summary>
    /// As the other overloads, for a record. Only a box that may decrypt is converted to a value. Null also for a
    /// deleted record.
    /// </summary>
    internal static DecodedMessage? Of(MessageReader reader, Offset offset, out ReadOnlyMemory<byte> text)
    {
        if (!reader.TryBytes(offset, out text)) return null;
        DecodedMessage decoded = (_decoder ??= new MessageDecoder()).Decode(offset, text.Span);
        if (!decoded.IsMessage) return null;
        bool isBox = decoded.Content.IsString && decoded.Content.Utf8.IndexOf(".box"u8) >= 0;
        return isBox && reader.TryOpened(offset, out JsValue opened) ? Of(opened, out text) : decoded;
    }

    /// <summary>False for a link in a member that a later member of the same name overrides.</summary>
    internal static bool Holds(TapeValue fields, FieldLink link) =>
        !link.Field.IsMember || fields[link.Field.NameUtf8].Index == link.Field.Index;

    /// <summary>The field of a link, or its position in an array of items.</summary>
    internal static string FieldOf(TapeValue fields, FieldLink link)
    {
        if (link.Field.IsMember) return Encoding.UTF8.GetString(link.Field.NameUtf8);
        int place = 0;
        foreach (TapeValue item in fields)
        {
            if (item.Index == link.Field.Index) break;
            place++;
        }
        return place.ToString(CultureInfo.InvariantCulture);
    }
}
