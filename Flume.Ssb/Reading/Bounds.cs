using Flume.Log.Primitives;
using Flume.Query.Json;
using Flume.Query.MapFilterReduce;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;

namespace Flume.Ssb.Reading;

/// <summary>The lower and upper bound of a read over one scalar, from levelup's options gt, gte, lt and lte.</summary>
/// <remarks>
/// Undefined means no bound. Null is the lowest value. Source: npm ltgt and leveldown, which ssb-db's streams use.
/// </remarks>
internal readonly record struct Bounds(JsValue Low, bool LowIncluded, JsValue High, bool HighIncluded)
{
    /// <summary>No bounds.</summary>
    internal static Bounds All => new(JsValue.Undefined, true, JsValue.Undefined, true);

    /// <summary>A lower bound, inclusive.</summary>
    internal static Bounds From(JsValue low) => new(Encodable(low), true, JsValue.Undefined, true);

    /// <summary>
    /// Parses the bounds as npm ltgt does: <c>gt</c> overrides gte, and <c>lt</c> overrides lte. Min, max, start and
    /// end are older names; reverse swaps start and end.
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
    /// Parses the bounds of createLogStream. It passes them to leveldown unchanged, after a <c>gt</c> of 0. In reverse,
    /// gte is therefore ignored. Min and max are always ignored, and start applies only in reverse.
    /// </summary>
    internal static Bounds OfReceived(JsValue options)
    {
        bool reverse = options["reverse"].IsTruthy;
        foreach (string name in (ReadOnlySpan<string>)["gt", "gte", "lt", "lte", "start", "end"])
            Encodable(options[name]);
        JsValue gt = options["gt"].IsNullish ? JsValue.From(0) : options["gt"];
        JsValue from = options[reverse ? "end" : "gte"], to = options[reverse ? "start" : "end"];
        bool low = !from.IsNullish && CharwiseComparer.Instance.Compare(from, gt) > 0;
        bool lt = !options["lt"].IsUndefined;
        JsValue high = First(options, "lt", "lte", reverse ? "start" : "end");
        bool ended = !reverse && !to.IsUndefined && CharwiseComparer.Instance.Compare(to, high) < 0;
        return new Bounds(low ? from : gt, low, ended ? to : high, ended || !lt);
    }

    /// <summary>
    /// The lowest sort key inside the bounds. Keys of strings are inexact, so the range is a superset.
    /// </summary>
    internal ulong LowKey
    {
        get
        {
            if (Low.IsNullish) return SortKey.Lowest;
            ulong key = KeyOf(Low);
            return !LowIncluded && SortKey.IsNumber(key) && key < SortKey.Highest ? key + 1 : key;
        }
    }

    /// <summary>The highest sort key inside the bounds.</summary>
    internal ulong HighKey
    {
        get
        {
            if (High.IsUndefined) return SortKey.Highest;
            ulong key = KeyOf(High);
            return !HighIncluded && SortKey.IsNumber(key) && key > SortKey.Lowest ? key - 1 : key;
        }
    }

    /// <summary>True if <paramref name="value"/> is inside the bounds, in index order.</summary>
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

    /// <summary>The sort key of a value, as the views compute it.</summary>
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

    /// <summary>Rejects objects, which an index key cannot contain, with charwise's text.</summary>
    private static JsValue Encodable(JsValue bound) =>
        bound.IsObject || (bound.IsArray && bound.AsArray.Any(item => Encodable(item).IsObject))
            ? throw ApiException.Error("can only encode arrays") : bound;
}
