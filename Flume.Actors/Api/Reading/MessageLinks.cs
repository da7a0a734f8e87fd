using Flume.Codec.Json;
using Flume.Codec.Tape;
using Flume.Primitives;

namespace Flume.Api.Reading;

/// <summary>
/// A message of an answer taken apart as the links view does it, so that both walk the same links (spec.md 3.4).
/// </summary>
internal static class MessageLinks
{
    [ThreadStatic]
    private static MessageDecoder? _decoder;

    /// <summary>
    /// The message, opened where possible, on a tape of this thread: it holds until the next call. Null for what is no
    /// message.
    /// </summary>
    internal static DecodedMessage? Of(JsValue message) => Of(message, out _);

    /// <summary>As the other, with the text that values of an answer may stay in.</summary>
    internal static DecodedMessage? Of(JsValue message, out ReadOnlyMemory<byte> text)
    {
        text = message.TryGetRaw(out ReadOnlyMemory<byte> raw) ? raw : JsWriter.ToUtf8(message);
        DecodedMessage decoded = (_decoder ??= new MessageDecoder()).Decode(Offset.None, text.Span);
        return decoded.IsMessage ? decoded : null;
    }

    /// <summary>False for a link in a member that a later one of the same name replaces.</summary>
    internal static bool Holds(TapeValue fields, FieldLink link) =>
        link.Field.IsMember && fields[link.Field.NameUtf8].Index == link.Field.Index;
}
