using Flume.Query.Json;

namespace Flume.Ssb.Reading;

/// <summary>Byte-level pre-checks of a stored record, done before parsing.</summary>
/// <remarks>False is certain. True requires parsing, because escaped letters can form any text.</remarks>
internal static class RecordText
{
    /// <summary>False if no string in the record can be a box.</summary>
    internal static bool MayHoldBox(JsValue record) => !record.TryGetRaw(out ReadOnlyMemory<byte> raw)
        || raw.Span.IndexOf(".box"u8) >= 0 || MayHideLetters(raw.Span);

    /// <summary>False if no member has a name that decryption adds.</summary>
    internal static bool MayBeDecorated(JsValue record)
    {
        if (!record.TryGetRaw(out ReadOnlyMemory<byte> raw)) return true;
        ReadOnlySpan<byte> utf8 = raw.Span;
        return utf8.IndexOf("\"meta\""u8) >= 0
            || utf8.IndexOf("\"cyphertext\""u8) >= 0
            || utf8.IndexOf("\"private\""u8) >= 0
            || utf8.IndexOf("\"unbox\""u8) >= 0 || MayHideLetters(utf8);
    }

    /// <summary>True if the record contains these bytes.</summary>
    internal static bool Holds(JsValue record, ReadOnlySpan<byte> text) =>
        record.TryGetRaw(out ReadOnlyMemory<byte> raw) && raw.Span.IndexOf(text) >= 0;

    private static bool MayHideLetters(ReadOnlySpan<byte> utf8) => utf8.IndexOf("\\u00"u8) >= 0;
}
