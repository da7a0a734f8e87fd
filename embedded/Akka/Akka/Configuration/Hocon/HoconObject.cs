using System.Text;

namespace Akka.Configuration.Hocon;

/// <summary>Keys with their values, in the order in which they were first written.</summary>
public class HoconObject : IHoconElement
{
    public Dictionary<string, HoconValue> Items { get; private init; } = [];

    public bool IsString() => false;

    public string GetString() => throw new HoconShapeException("The value is an object and no string.");

    public bool IsArray() => false;

    public IList<HoconValue> GetArray() => throw new HoconShapeException("The value is an object and no array.");

    /// <summary>The value of the key, or null.</summary>
    public HoconValue GetKey(string key) => Items.GetValueOrDefault(key);

    /// <summary>The value of the key, made empty if there is none.</summary>
    public HoconValue GetOrCreateKey(string key)
    {
        if (Items.TryGetValue(key, out var value))
            return value;
        return Items[key] = new HoconValue();
    }

    /// <summary>
    /// Takes over the keys of <paramref name="other"/>, which wins; objects on both sides are merged.
    /// </summary>
    public void Merge(HoconObject other)
    {
        foreach (var (key, theirs) in other.Items)
            Items[key] = Items.TryGetValue(key, out var ours) ? Merged(ours, theirs) : theirs;
    }

    /// <summary>A new object: this one with <paramref name="winner"/> over it.</summary>
    internal HoconObject MergedWith(HoconObject winner)
    {
        var merged = new HoconObject { Items = new Dictionary<string, HoconValue>(Items) };
        merged.Merge(winner);
        return merged;
    }

    public override string ToString() => ToString(0);

    public string ToString(int indent)
    {
        var text = new StringBuilder();
        foreach (var (key, value) in Items)
            text.Append(' ',
                indent * 2).Append(HoconValue.QuoteIfNeeded(key)).Append(" : ").Append(value.ToString(indent))
                .Append("\r\n");
        return text.ToString();
    }

    private static HoconValue Merged(HoconValue ours, HoconValue theirs)
    {
        if (!ours.IsObject() || !theirs.IsObject())
            return theirs;
        var value = new HoconValue();
        value.AppendValue(ours.GetObject().MergedWith(theirs.GetObject()));
        return value;
    }
}
