using Flume.Codec.Json;
using Flume.Codec.Tape;
using Flume.MapFilterReduce;
using Flume.Primitives;

namespace Flume.Api.Reading;

/// <summary>The lower and upper bound of a read over one scalar, as levelup callers give them: gt, gte, lt, lte.</summary>
/// <remarks>
/// Source: npm ltgt and leveldown, which ssb-db's streams go through. A bound of null or undefined is no bound; of two
/// lower or two upper bounds the tighter one holds; min, max, start and end are the old names (start and end swap in
/// reverse).
/// </remarks>
internal readonly record struct Bounds(JsValue Low, bool LowIncluded, JsValue High, bool HighIncluded)
{
    /// <summary>Everything.</summary>
    internal static Bounds All => new(JsValue.Undefined, true, JsValue.Undefined, true);

    /// <summary>The bounds in an options object.</summary>
    internal static Bounds Parse(JsValue options)
    {
        bool reverse = options["reverse"].IsTruthy;
        JsValue gte = First(options, "gte", "min", reverse ? "end" : "start");
        JsValue lte = First(options, "lte", "max", reverse ? "start" : "end");
        JsValue gt = options["gt"], lt = options["lt"];
        bool low = !gt.IsNullish && (gte.IsNullish || CharwiseComparer.Instance.Compare(gt, gte) >= 0);
        bool high = !lt.IsNullish && (lte.IsNullish || CharwiseComparer.Instance.Compare(lt, lte) <= 0);
        return new(low ? gt : gte, !low, high ? lt : lte, !high);
    }

    /// <summary>These bounds and nothing up to <paramref name="value"/> (inclusive).</summary>
    internal Bounds Above(JsValue value) =>
        Low.IsNullish || CharwiseComparer.Instance.Compare(value, Low) >= 0 ? this with { Low = value, LowIncluded = false } : this;

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
            if (High.IsNullish) return SortKey.Highest;
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
        if (High.IsNullish) return true;
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
            if (!value.IsNullish) return value;
        }
        return JsValue.Undefined;
    }
}
