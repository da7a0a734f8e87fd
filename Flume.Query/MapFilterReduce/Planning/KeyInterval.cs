using Flume.Query.Json;

namespace Flume.Query.MapFilterReduce.Planning;

/// <summary>The values from one to another, in index order.</summary>
/// <param name="Lower">The least of them, or what they are all above.</param>
/// <param name="LowerInclusive">Whether the least is among them.</param>
/// <param name="Upper">The greatest of them, or what they are all below.</param>
/// <param name="UpperInclusive">Whether the greatest is among them.</param>
public readonly record struct KeyInterval(JsValue Lower, bool LowerInclusive, JsValue Upper, bool UpperInclusive)
{
    /// <summary>All numbers.</summary>
    public static readonly KeyInterval Numbers =
        new(JsValue.From(double.NegativeInfinity), true, JsValue.From(double.PositiveInfinity), true);

    /// <summary>All texts.</summary>
    public static readonly KeyInterval Texts = new(JsValue.From(""), true, JsValue.From(new JsArray()), false);

    /// <summary>The interval of one value.</summary>
    public static KeyInterval Point(in JsValue value) => new(value, true, value, true);

    /// <summary>True when it holds one value alone.</summary>
    public bool IsPoint => LowerInclusive && UpperInclusive && CharwiseComparer.Instance.Compare(Lower, Upper) == 0;

    /// <summary>True when no value can lie in it.</summary>
    public bool IsEmpty
    {
        get
        {
            int order = CharwiseComparer.Instance.Compare(Lower, Upper);
            return order > 0 || (order == 0 && !(LowerInclusive && UpperInclusive));
        }
    }

    /// <summary>True when a value lies in it.</summary>
    public bool Contains(in JsValue value)
    {
        int low = CharwiseComparer.Instance.Compare(Lower, value);
        int high = CharwiseComparer.Instance.Compare(value, Upper);
        return (low < 0 || (low == 0 && LowerInclusive)) && (high < 0 || (high == 0 && UpperInclusive));
    }

    /// <summary>What lies in both.</summary>
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
