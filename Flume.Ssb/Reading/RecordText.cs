using Flume.Query.Json;

namespace Flume.Ssb.Reading;

/// <summary>
/// What the bytes of a stored record tell before anything of it is parsed: most records hold none of this.
/// </summary>
/// <remarks>A false answer is sure, a true one means: parse and look. Escaped letters could spell anything.</remarks>
internal static class RecordText
{
    /// <summary>False when no string in the record can be a box.</summary>
    internal static bool MayHoldBox(JsValue record) => !record.TryGetRaw(out ReadOnlyMemory<byte> raw)
        || raw.Span.IndexOf(".box"u8) >= 0 || MayHideLetters(raw.Span);

    /// <summary>False when no member has a name that decrypting adds.</summary>
    internal static bool MayBeDecorated(JsValue record)
    {
        if (!record.TryGetRaw(out ReadOnlyMemory<byte> raw)) return true;
        ReadOnlySpan<byte> utf8 = raw.Span;
        return utf8.IndexOf("\"meta\""u8) >= 0 || utf8.IndexOf("\"cyphertext\""u8) >= 0 || utf8.IndexOf("\"private\""u8) >= 0
            || utf8.IndexOf("\"unbox\""u8) >= 0 || MayHideLetters(utf8);
    }

    /// <summary>True when the record has these very bytes.</summary>
    internal static bool Holds(JsValue record, ReadOnlySpan<byte> text) =>
        record.TryGetRaw(out ReadOnlyMemory<byte> raw) && raw.Span.IndexOf(text) >= 0;

    private static bool MayHideLetters(ReadOnlySpan<byte> utf8) => utf8.IndexOf("\\u00"u8) >= 0;
}
