using System.Globalization;
using System.Text;
using Flume.Query.Json;

namespace Flume.Query.MapFilterReduce.Rules;

/// <summary>A property's name, prepared once so that property access needs no conversion.</summary>
internal sealed class PropertyName
{
    private readonly byte[]? _utf8;
    private readonly int _index = -1;

    /// <summary>Prepares a name.</summary>
    public PropertyName(string text)
    {
        Text = text;
        if (JsIndex(text, out int index)) _index = index;
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        if (Encoding.UTF8.GetString(utf8) == text) _utf8 = utf8;
    }

    /// <summary>The name itself.</summary>
    public string Text { get; }

    /// <summary><c>value[name]</c>; undefined for null and undefined, for which JavaScript throws.</summary>
    public JsValue Read(in JsValue value) => value.Kind switch
    {
        JsKind.Object => _utf8 is null ? value.AsObject[Text] : value.AsObject.Get(_utf8),
        JsKind.Array => _index >= 0 ? value.AsArray.At(_index) : value[Text],
        JsKind.String => value[Text],
        _ => JsValue.Undefined,
    };

    /// <summary>The property name of a value in square brackets.</summary>
    public static PropertyName From(in JsValue key) => new(Coerce.ToText(key));

    private static bool JsIndex(string text, out int index) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out index)
        && text == JsNumber.Format(index);
}
