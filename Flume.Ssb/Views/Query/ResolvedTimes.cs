using Flume.Query.Json;
using Flume.Ssb.Messages;

namespace Flume.Ssb.Views.Query;

/// <summary>
/// The times that JavaScript makes of a message's received and claimed ones, with its conversions (docs/spec 3.2, 3.3,
/// 3.7).
/// </summary>
/// <remarks>
/// Only the first message of a feed must claim a number: any later one may claim a text, which <c>Math.min</c> and
/// <c>&lt;</c> turn into a number. Objects turn into NaN.
/// </remarks>
internal static class ResolvedTimes
{
    /// <summary>ssb-query's <c>rts</c>: the smaller, or the received one where that is no number or 0.</summary>
    internal static JsValue OfQuery(JsValue received, JsValue claimed)
    {
        double smaller = Smaller(received, claimed);
        return double.IsNaN(smaller) || smaller == 0 ? received : JsValue.From(smaller);
    }

    /// <summary>
    /// ssb-backlinks' <c>rts</c>: the smaller; the claimed one when none was received; undefined when none was claimed.
    /// </summary>
    internal static JsValue OfLinks(JsValue received, JsValue claimed) =>
        !claimed.IsTruthy ? JsValue.Undefined : received.IsTruthy ? JsValue.From(Smaller(received, claimed)) : claimed;

    /// <summary>
    /// createFeedStream's: the claimed one, or the received one where none is claimed or it lies in the future.
    /// </summary>
    internal static JsValue OfFeeds(JsValue received, JsValue claimed)
    {
        bool future = received.IsString && claimed.IsString
            ? string.CompareOrdinal(received.AsString, claimed.AsString) < 0
            : JsCoercion.ToNumber(received) < JsCoercion.ToNumber(claimed);
        return !claimed.IsTruthy || future ? received : claimed;
    }

    /// <summary>The sort key of one of them for a message; null when it has no place in an index.</summary>
    internal static ulong? KeyOf(DecodedMessage message, Func<JsValue, JsValue, JsValue> times)
    {
        JsValue stored = message.ToJsValue();
        JsValue time = times(stored["timestamp"], stored["value"]["timestamp"]);
        return time.IsObject ? null : IndexKey.SortKeyOf(time);
    }

    /// <summary>True when both times are numbers, as they nearly always are.</summary>
    internal static bool ArePlain(DecodedMessage message) => message.Received.IsNumber && message.Claimed.IsNumber;

    private static double Smaller(JsValue a, JsValue b) => Math.Min(JsCoercion.ToNumber(a), JsCoercion.ToNumber(b));
}
