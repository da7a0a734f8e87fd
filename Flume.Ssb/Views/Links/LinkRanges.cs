using System.Text;
using Flume.Log.Primitives;
using Flume.Query.Json;
using Flume.Query.MapFilterReduce;
using Flume.Query.MapFilterReduce.Planning;
using Flume.Ssb.Queries;

namespace Flume.Ssb.Views.Links;

/// <summary>Computes the ranges of a plan in the links view.</summary>
internal static class LinkRanges
{
    private const int StartsMax = 1024;

    private static readonly FieldPath Source = new("source"), Dest = new("dest"), Rel = new("rel");

    /// <summary>The bounds of a set of relations between two arrays.</summary>
    /// <param name="Field">The common first field; null if the bounds differ in it.</param>
    /// <param name="Low">The lower bound after the field.</param>
    /// <param name="High">The upper bound after the field.</param>
    private readonly record struct Stretch(string? Field, LinkOrder Low, LinkOrder High);

    /// <summary>The ranges in the order of the plan's index; null if the rows have no such order.</summary>
    internal static List<KeyRanges.Part>? Of(QueryPlan plan)
    {
        List<Stretch> stretches = [.. plan.Facts[Rel].Intervals.Where(HasArrays).Select(Between)];
        return plan.Index!.Key switch
        {
            "RDS" => OfField(stretches),
            "DRS" => OfIds(LinksView.ByDest, plan.Facts[Dest].Points, stretches),
            _ => OfIds(LinksView.BySource, plan.Facts[Source].Points, stretches),
        };
    }

    /// <summary>The sort keys of a field's links, after a source or dest.</summary>
    internal static (ulong Low, ulong High) OfField(string field)
    {
        LinkOrder all = default(LinkOrder).Behind(Encoding.UTF8.GetBytes(field));
        return (LinkOrder.Short(all.Low), all.High);
    }

    private static List<KeyRanges.Part>? OfField(List<Stretch> stretches)
    {
        if (stretches.Count == 0) return [];
        string? field = stretches[0].Field;
        if (field is null || stretches.Exists(stretch => stretch.Field != field)) return null;
        ulong print = Fingerprint.Of(Encoding.UTF8.GetBytes(field));
        List<(ulong Low, ulong High)> ranges = Joined(
            stretches.Select(stretch => (stretch.Low.Low, stretch.High.High)));
        return Parts(new PostingPlace(LinksView.ByField, print), JsValue.From(field), ranges);
    }

    private static List<KeyRanges.Part>? OfIds(byte index, IReadOnlyList<JsValue>? ids, List<Stretch> stretches)
    {
        if (ids is null || ids.Count > StartsMax) return null;
        List<(ulong Low, ulong High)> ranges = Joined(stretches.Select(BehindField));
        List<KeyRanges.Part> parts = [];
        foreach (JsValue id in ids.OrderBy(id => CharwiseKey.Of([id]), KeyRanges.KeyOrder))
        {
            if (FingerprintFilter.TryPlace(index, [id], out PostingPlace place))
                parts.AddRange(Parts(place, id, ranges));
        }
        return parts;
    }

    private static List<KeyRanges.Part> Parts(
        PostingPlace place, JsValue start, List<(ulong Low, ulong High)> ranges) =>
        [.. ranges.Select(range => new KeyRanges.Part(place.Index, place.Between(range.Low, range.High), [start]))];

    private static (ulong Low, ulong High) BehindField(Stretch stretch)
    {
        if (stretch.Field is null) return (0, ulong.MaxValue);
        byte[] field = Encoding.UTF8.GetBytes(stretch.Field);
        return (LinkOrder.Short(stretch.Low.Behind(field).Low), stretch.High.Behind(field).High);
    }

    /// <summary>A relation is always an array.</summary>
    private static bool HasArrays(KeyInterval interval) =>
        interval.Lower.Kind is not (JsKind.Object or JsKind.Undefined)
        && interval.Upper.Kind is JsKind.Array or JsKind.Object or JsKind.Undefined;

    private static Stretch Between(KeyInterval interval)
    {
        JsValue low = interval.Lower[0], high = interval.Upper[0];
        if (!interval.Lower.IsArray || !interval.Upper.IsArray || !low.IsString || !JsValue.StrictEquals(low, high))
            return default;
        return new Stretch(low.AsString, OrderOf(interval.Lower.AsArray, isHigh: false),
            OrderOf(interval.Upper.AsArray, isHigh: true));
    }

    private static LinkOrder OrderOf(JsArray bound, bool isHigh)
    {
        LinkOrder order = default;
        for (int i = 1; i < bound.Count; i++) Add(ref order, bound[i], isHigh);
        return order;
    }

    private static List<(ulong Low, ulong High)> Joined(IEnumerable<(ulong Low, ulong High)> ascending)
    {
        List<(ulong Low, ulong High)> ranges = [];
        foreach ((ulong low, ulong high) in ascending)
        {
            if (ranges.Count > 0 && ranges[^1].High >= low)
                ranges[^1] = (ranges[^1].Low, Math.Max(high, ranges[^1].High));
            else ranges.Add((low, high));
        }
        return ranges;
    }

    private static void Add(ref LinkOrder order, JsValue part, bool isHigh)
    {
        switch (part.Kind)
        {
            case JsKind.Undefined: order.AddUndefined(); break;
            case JsKind.Null: order.AddNull(); break;
            case JsKind.Boolean: order.AddBoolean(part.AsBoolean); break;
            case JsKind.Number: order.AddNumber(part.AsNumber); break;
            case JsKind.String: order.AddBound(Encoding.UTF8.GetBytes(part.AsString), isHigh); break;
            default: order.AddArray(); break;
        }
    }
}
