using Flume.Query.Json;
using Flume.Ssb.Messages;

namespace Flume.Ssb.Views.Query;

/// <summary>
/// The times that JavaScript derives from the received and claimed time, with its conversions (docs/spec 3.2, 3.3,
/// 3.7).
/// </summary>
/// <remarks>
/// Only the first message of a feed must claim a number. Later messages can claim a text, which <c>Math.min</c> and
/// <c>&lt;</c> convert to a number. Objects become NaN.
/// </remarks>
internal static class ResolvedTimes
{
    /// <summary>ssb-query's <c>rts</c>: the smaller time, or the received time if that is 0 or not a number.</summary>
    internal static JsValue OfQuery(JsValue received, JsValue claimed)
    {
        double smaller = Smaller(received, claimed);
        return double.IsNaN(smaller) || smaller == 0 ? received : JsValue.From(smaller);
    }

    /// <summary>
    /// ssb-backlinks' <c>rts</c>: the smaller time, or the claimed time if none was received. Undefined without a
    /// claimed time.
    /// </summary>
    internal static JsValue OfLinks(JsValue received, JsValue claimed) =>
        !claimed.IsTruthy ? JsValue.Undefined : received.IsTruthy ? JsValue.From(Smaller(received, claimed)) : claimed;

    /// <summary>
    /// The time of createFeedStream: the claimed time, or the received time if that is earlier or no time is claimed.
    /// </summary>
    internal static JsValue OfFeeds(JsValue received, JsValue claimed)
    {
        bool future = received.IsString && claimed.IsString
            ? string.CompareOrdinal(received.AsString, claimed.AsString) < 0
            : JsCoercion.ToNumber(received) < JsCoercion.ToNumber(claimed);
        return !claimed.IsTruthy || future ? received : claimed;
    }

    /// <summary>The sort key of a derived time; null if an index cannot contain it.</summary>
    internal static ulong? KeyOf(DecodedMessage message, Func<JsValue, JsValue, JsValue> times)
    {
        JsValue stored = message.ToJsValue();
        JsValue time = times(stored["timestamp"], stored["value"]["timestamp"]);
        return time.IsObject ? null : IndexKey.SortKeyOf(time);
    }

    /// <summary>True if both times are numbers, which is the usual case.</summary>
    internal static bool ArePlain(DecodedMessage message) => message.Received.IsNumber && message.Claimed.IsNumber;

    private static double Smaller(JsValue a, JsValue b) => Math.Min(JsCoercion.ToNumber(a), JsCoercion.ToNumber(b));
}
