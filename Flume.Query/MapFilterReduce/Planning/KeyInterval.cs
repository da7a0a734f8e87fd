using Flume.Query.Json;

namespace Flume.Query.MapFilterReduce.Planning;

/// <summary>An interval of values in index order.</summary>
/// <param name="Lower">The lower bound.</param>
/// <param name="LowerInclusive">Whether the interval includes the lower bound.</param>
/// <param name="Upper">The upper bound.</param>
/// <param name="UpperInclusive">Whether the interval includes the upper bound.</param>
public readonly record struct KeyInterval(JsValue Lower, bool LowerInclusive, JsValue Upper, bool UpperInclusive)
{
    /// <summary>All numbers.</summary>
    public static readonly KeyInterval Numbers =
        new(JsValue.From(double.NegativeInfinity), true, JsValue.From(double.PositiveInfinity), true);

    /// <summary>All texts.</summary>
    public static readonly KeyInterval Texts = new(JsValue.From(""), true, JsValue.From(new JsArray()), false);

    /// <summary>The interval with one value.</summary>
    public static KeyInterval Point(in JsValue value) => new(value, true, value, true);

    /// <summary>True if it contains exactly one value.</summary>
    public bool IsPoint => LowerInclusive && UpperInclusive && CharwiseComparer.Instance.Compare(Lower, Upper) == 0;

    /// <summary>True if it contains no value.</summary>
    public bool IsEmpty
    {
        get
        {
            int order = CharwiseComparer.Instance.Compare(Lower, Upper);
            return order > 0 || (order == 0 && !(LowerInclusive && UpperInclusive));
        }
    }

    /// <summary>True if it contains a value.</summary>
    public bool Contains(in JsValue value)
    {
        int low = CharwiseComparer.Instance.Compare(Lower, value);
        int high = CharwiseComparer.Instance.Compare(value, Upper);
        return (low < 0 || (low == 0 && LowerInclusive)) && (high < 0 || (high == 0 && UpperInclusive));
    }

    /// <summary>The intersection with another interval.</summary>
    public KeyInterval Intersect(in KeyInterval other)
    {
        int low = CharwiseComparer.Instance.Compare(Lower, other.Lower);
        int high = CharwiseComparer.Instance.Compare(Upper, other.Upper);
        return new KeyInterval(
            low >= 0 ? Lower : other.Lower,
            low == 0 ? LowerInclusive && other.LowerInclusive : low > 0 ? LowerInclusive : other.LowerInclusive,
            high <= 0 ? Upper : other.Upper,
            high == 0 ? UpperInclusive && other.UpperInclusive : high < 0 ? UpperInclusive : other.UpperInclusive);
    }
}
