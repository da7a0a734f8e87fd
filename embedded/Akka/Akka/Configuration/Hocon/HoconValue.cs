using System.Globalization;

namespace Akka.Configuration.Hocon;

/// <summary>What stands right of a key: the pieces as they were written, read as the type that is asked for.</summary>
public class HoconValue : IMightBeAHoconObject
{
    public HoconValue()
    {
        Values = [];
    }

    public List<IHoconElement> Values { get; private set; }

    public bool IsEmpty => Values.Count == 0 || Values[0] is HoconObject { Items.Count: 0 };

    /// <summary>What the key held before a value with substitutions replaced it: those may refer back to it.</summary>
    internal HoconValue Previous { get; set; }

    public void AppendValue(IHoconElement value) => Values.Add(value);

    public void Clear() => Values.Clear();

    public void NewValue(IHoconElement value)
    {
        Values.Clear();
        Values.Add(value);
    }

    internal void ReplaceBy(List<IHoconElement> values) => Values = values;

    public Config ToConfig() => new(new HoconRoot(this));

    public Config AtKey(string key)
    {
        var parent = new HoconObject();
        parent.Items[key] = this;
        var root = new HoconValue();
        root.AppendValue(parent);
        return root.ToConfig();
    }

    public bool IsObject() => GetObject() != null;

    public HoconObject GetObject() => Values.Count == 0 ? null : Values[0] switch
    {
        HoconObject o => o,
        IMightBeAHoconObject maybe when maybe.IsObject() => maybe.GetObject(),
        _ => null,
    };

    /// <summary>The value of a key of this object; null when there is none, or when this is no object.</summary>
    public HoconValue GetChildObject(string key) => GetObject()?.GetKey(key);

    public bool IsString()
    {
        foreach (var element in Values)
        {
            if (!element.IsString())
                return false;
        }
        return Values.Count > 0;
    }

    /// <summary>The pieces put together, outer blanks removed; null for the word null, an object or an array.</summary>
    public string GetString()
    {
        if (!IsString())
            return null;
        var text = Values.Count == 1 ? Values[0].GetString() : string.Concat(Values.Select(v => v.GetString()));
        text = text?.Trim();
        return text == "null" ? null : text;
    }

    public bool IsArray() => GetArray().Count != 0;

    public IList<HoconValue> GetArray()
    {
        var items = new List<HoconValue>();
        foreach (var element in Values)
        {
            if (element.IsArray())
                items.AddRange(element.GetArray());
        }
        return items;
    }

    public bool GetBoolean() => GetString() switch
    {
        "on" or "true" => true,
        "off" or "false" => false,
        var other => throw new NotSupportedException($"'{other}' is no boolean. Booleans are on, off, true and false."),
    };

    public int GetInt() => Parse<int>("an integer");

    public long GetLong() => Parse<long>("an integer");

    public float GetFloat() => Parse<float>("a number");

    public double GetDouble() => Parse<double>("a number");

    public decimal GetDecimal() => Parse<decimal>("a number");

    public long? GetByteSize() => HoconUnits.ParseByteSize(GetString());

    public TimeSpan GetTimeSpan(bool allowInfinite = true) => HoconUnits.ParseDuration(GetString(), allowInfinite);

    public IList<bool> GetBooleanList() => GetArray().Select(v => v.GetBoolean()).ToList();

    public IList<int> GetIntList() => GetArray().Select(v => v.GetInt()).ToList();

    public IList<long> GetLongList() => GetArray().Select(v => v.GetLong()).ToList();

    public IList<double> GetDoubleList() => GetArray().Select(v => v.GetDouble()).ToList();

    public IList<string> GetStringList() => GetArray().Select(v => v.GetString()).ToList();

    public override string ToString() => ToString(0);

    public virtual string ToString(int indent)
    {
        if (IsString())
            return QuoteIfNeeded(GetString());
        if (IsObject())
        {
            var inner = GetObject().ToString(indent + 1);
            return indent == 0 ? inner : "{\r\n" + inner + new string(' ', indent * 2) + "}";
        }
        return "[" + string.Join(",", GetArray().Select(v => v.ToString(indent + 1))) + "]";
    }

    internal static string QuoteIfNeeded(string text) =>
        text == null ? "" : text.AsSpan().IndexOfAny(' ', '\t', ':') < 0 ? text : "\"" + text + "\"";

    private T Parse<T>(string what) where T : ISpanParsable<T>
    {
        var text = GetString();
        if (text == null)
            ArgumentNullException.ThrowIfNull(text, "value");
        return T.TryParse(text, CultureInfo.InvariantCulture, out var parsed)
            ? parsed
            : throw new FormatException($"'{text}' is not {what}.");
    }
}
