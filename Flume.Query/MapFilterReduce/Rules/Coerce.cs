using System.Text;
using Flume.Query.Json;

namespace Flume.Query.MapFilterReduce.Rules;

/// <summary>JavaScript's conversions between kinds, for the values that JSON can represent.</summary>
/// <remarks>
/// Never throws, unlike JavaScript: an object whose own <c>toString</c> is not a function converts to [object Object],
/// and arrays nested deeper than <see cref="DepthMax"/> to an empty text, so that no record can stop a query.
/// </remarks>
internal static class Coerce
{
    private const int DepthMax = 500;

    /// <summary><c>typeof value</c>.</summary>
    public static string TypeOf(in JsValue value) => value.Kind switch
    {
        JsKind.Undefined => "undefined",
        JsKind.Boolean => "boolean",
        JsKind.Number => "number",
        JsKind.String => "string",
        _ => "object",
    };

    /// <summary><c>Number(value)</c>.</summary>
    public static double ToNumber(in JsValue value) => value.Kind switch
    {
        JsKind.Undefined => double.NaN,
        JsKind.Null => 0,
        JsKind.Boolean => value.AsBoolean ? 1 : 0,
        JsKind.Number => value.AsNumber,
        _ => NumberText.Read(ToText(value)),
    };

    /// <summary><c>String(value)</c>.</summary>
    public static string ToText(in JsValue value)
    {
        if (!value.IsArray) return Scalar(value);
        var text = new StringBuilder();
        Join(value.AsArray, text, 1);
        return text.ToString();
    }

    /// <summary>
    /// The first conversion of <c>value + 1</c> and of comparisons: arrays and objects become their text.
    /// </summary>
    public static JsValue ToPrimitive(in JsValue value) =>
        value.Kind >= JsKind.Array ? JsValue.From(ToText(value)) : value;

    /// <summary><c>a + b</c>.</summary>
    public static JsValue Plus(in JsValue a, in JsValue b)
    {
        JsValue left = ToPrimitive(a), right = ToPrimitive(b);
        return left.IsString || right.IsString
            ? JsValue.From(ToText(left) + ToText(right))
            : JsValue.From(ToNumber(left) + ToNumber(right));
    }

    private static string Scalar(in JsValue value) => value.Kind switch
    {
        JsKind.Undefined => "undefined",
        JsKind.Null => "null",
        JsKind.Boolean => value.AsBoolean ? "true" : "false",
        JsKind.Number => JsNumber.Format(value.AsNumber),
        JsKind.String => value.AsString,
        _ => "[object Object]",
    };

    private static void Join(JsArray items, StringBuilder text, int depth)
    {
        if (depth > DepthMax) return;
        for (int i = 0; i < items.Count; i++)
        {
            if (i > 0) text.Append(',');
            JsValue item = items[i];
            if (item.IsArray) Join(item.AsArray, text, depth + 1);
            else if (!item.IsNullish) text.Append(Scalar(item));
        }
    }
}
