using Flume.Log.Primitives;
using Flume.Query.Json;
using Flume.Query.MapFilterReduce;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;

namespace Flume.Ssb.Reading;

/// <summary>
/// The lower and upper bound of a read over one scalar, as levelup callers give them: gt, gte, lt, lte.
/// </summary>
/// <remarks>
/// Undefined is no bound. Null is the start of everything: nothing lies below it. Source: npm ltgt and leveldown, which
/// ssb-db's streams go through.
/// </remarks>
internal readonly record struct Bounds(JsValue Low, bool LowIncluded, JsValue High, bool HighIncluded)
{
    /// <summary>Everything.</summary>
    internal static Bounds All => new(JsValue.Undefined, true, JsValue.Undefined, true);

    /// <summary>Everything from a value on, that one included.</summary>
    internal static Bounds From(JsValue low) => new(Encodable(low), true, JsValue.Undefined, true);

    /// <summary>
    /// The bounds in an options object, as npm ltgt reads them: of two lower bounds <c>gt</c> holds, of two upper ones
    /// <c>lt</c>; min, max, start and end are old names, of which start and end swap in reverse.
    /// </summary>
    internal static Bounds Parse(JsValue options)
    {
        bool reverse = options["reverse"].IsTruthy;
        bool gt = !options["gt"].IsUndefined, lt = !options["lt"].IsUndefined;
        return new Bounds(
            First(options, "gt", "gte", "min", reverse ? "end" : "start"), !gt,
            First(options, "lt", "lte", "max", reverse ? "start" : "end"), !lt);
    }

    /// <summary>
    /// The bounds of createLogStream, which go to leveldown as they are, behind a <c>gt</c> of 0: so in reverse
    /// <c>gte</c> is not looked at, min and max never are, and start is only in reverse.
    /// </summary>
    internal static Bounds OfReceived(JsValue options)
    {
        bool reverse = options["reverse"].IsTruthy;
        foreach (string name in (ReadOnlySpan<string>)["gt", "gte", "lt", "lte", "start", "end"]) Encodable(options[name]);
        JsValue gt = options["gt"].IsNullish ? JsValue.From(0) : options["gt"];
        JsValue from = options[reverse ? "end" : "gte"], to = options[reverse ? "start" : "end"];
        bool low = !from.IsNullish && CharwiseComparer.Instance.Compare(from, gt) > 0;
        bool lt = !options["lt"].IsUndefined;
        JsValue high = First(options, "lt", "lte", reverse ? "start" : "end");
        bool ended = !reverse && !to.IsUndefined && CharwiseComparer.Instance.Compare(to, high) < 0;
        return new Bounds(low ? from : gt, low, ended ? to : high, ended || !lt);
    }

    /// <summary>The lowest sort key that can lie inside; a superset where keys are inexact (strings).</summary>
    internal ulong LowKey
    {
        get
        {
            if (Low.IsNullish) return SortKey.Lowest;
            ulong key = KeyOf(Low);
            return !LowIncluded && SortKey.IsNumber(key) && key < SortKey.Highest ? key + 1 : key;
        }
    }

    /// <summary>The highest sort key that can lie inside.</summary>
    internal ulong HighKey
    {
        get
        {
            if (High.IsUndefined) return SortKey.Highest;
            ulong key = KeyOf(High);
            return !HighIncluded && SortKey.IsNumber(key) && key > SortKey.Lowest ? key - 1 : key;
        }
    }

    /// <summary>True when <paramref name="value"/> lies inside, in index order.</summary>
    internal bool Contains(JsValue value)
    {
        if (!Low.IsNullish)
        {
            int below = CharwiseComparer.Instance.Compare(value, Low);
            if (below < 0 || (below == 0 && !LowIncluded)) return false;
        }
        if (High.IsUndefined) return true;
        int above = CharwiseComparer.Instance.Compare(value, High);
        return above < 0 || (above == 0 && HighIncluded);
    }

    /// <summary>The sort key of a value, as the views write it.</summary>
    internal static ulong KeyOf(JsValue value) => IndexKey.SortKeyOf(value);

    private static JsValue First(JsValue options, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            JsValue value = options[name];
            if (!value.IsUndefined) return Encodable(value);
        }
        return JsValue.Undefined;
    }

    /// <summary>An index key holds no object: charwise refuses it in these words.</summary>
    private static JsValue Encodable(JsValue bound) =>
        bound.IsObject || (bound.IsArray && bound.AsArray.Any(item => Encodable(item).IsObject))
            ? throw ApiException.Error("can only encode arrays") : bound;
}
