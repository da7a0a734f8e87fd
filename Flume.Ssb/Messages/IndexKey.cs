using Flume.Log.Primitives;
using Flume.Query.Json;
using Flume.Query.Tape;

namespace Flume.Ssb.Messages;

/// <summary>
/// Keys of postings for values on a tape and values of a query. Equal values have equal keys. Numbers and strings never
/// share a key.
/// </summary>
/// <remarks>
/// All arrays share one fingerprint, as do all objects. A reader of postings therefore checks the record.
/// </remarks>
public static class IndexKey
{
    private static readonly ulong Null = Fingerprint.Of(SortKey.Null, 0);
    private static readonly ulong False = Fingerprint.Of(SortKey.False, 0);
    private static readonly ulong True = Fingerprint.Of(SortKey.True, 0);
    private static readonly ulong Array = Fingerprint.Of(SortKey.Array, 0);
    private static readonly ulong Object = Fingerprint.Of(SortKey.Array, 1);
    private static readonly ulong Undefined = Fingerprint.Of(SortKey.Highest, 0);

    /// <summary>The key of a value in an exact index.</summary>
    public static ulong FingerprintOf(TapeValue value) => value.Kind switch
    {
        JsKind.String => Fingerprint.Of(value.Utf8),
        JsKind.Number => OfNumber(value.Number),
        JsKind.Boolean => value.IsTrue ? True : False,
        _ => OfOther(value.Kind),
    };

    /// <summary>As the other overload, for a query's value.</summary>
    public static ulong FingerprintOf(JsValue value) => value.Kind switch
    {
        JsKind.String => Fingerprint.Of(System.Text.Encoding.UTF8.GetBytes(value.AsString)),
        JsKind.Number => OfNumber(value.AsNumber),
        JsKind.Boolean => value.AsBoolean ? True : False,
        _ => OfOther(value.Kind),
    };

    /// <summary>
    /// The key of a value in a range index. JavaScript's indexes reject objects; here objects and undefined sort last.
    /// </summary>
    public static ulong SortKeyOf(TapeValue value) => value.Kind switch
    {
        JsKind.String => SortKey.Of(value.Utf8),
        JsKind.Number => SortKey.Of(value.Number),
        JsKind.Boolean => value.IsTrue ? SortKey.True : SortKey.False,
        _ => SortOther(value.Kind),
    };

    /// <summary>As the other overload, for a query's value.</summary>
    public static ulong SortKeyOf(JsValue value) => value.Kind switch
    {
        JsKind.String => SortKey.Of(System.Text.Encoding.UTF8.GetBytes(value.AsString)),
        JsKind.Number => SortKey.Of(value.AsNumber),
        JsKind.Boolean => value.AsBoolean ? SortKey.True : SortKey.False,
        _ => SortOther(value.Kind),
    };

    private static ulong OfNumber(double number) =>
        Fingerprint.Of(BitConverter.DoubleToUInt64Bits(number + 0.0), SortKey.Of(number));

    private static ulong OfOther(JsKind kind) => kind switch
    {
        JsKind.Null => Null,
        JsKind.Array => Array,
        JsKind.Object => Object,
        _ => Undefined,
    };

    private static ulong SortOther(JsKind kind) => kind switch
    {
        JsKind.Null => SortKey.Null,
        JsKind.Array => SortKey.Array,
        _ => SortKey.Highest,
    };
}
