namespace Akka.Configuration.Hocon;

/// <summary>A string as written, quotes and escapes removed. <c>null</c> is the word without quotes.</summary>
public class HoconLiteral : IHoconElement
{
    public string Value { get; set; }

    public bool IsString() => true;

    public string GetString() => Value;

    public bool IsArray() => false;

    public IList<HoconValue> GetArray() => throw new HoconShapeException($"'{Value}' is a string and no array.");

    public override string ToString() => Value;
}

/// <summary>A list of values.</summary>
public class HoconArray : List<HoconValue>, IHoconElement
{
    public bool IsString() => false;

    public string GetString() => throw new HoconShapeException("The value is an array and no string.");

    public bool IsArray() => true;

    public IList<HoconValue> GetArray() => this;

    public override string ToString() => "[" + string.Join(",", this) + "]";
}

/// <summary>A reference to another value, <c>${path}</c>, or <c>${?path}</c> when there may be none.</summary>
public class HoconSubstitution : IHoconElement, IMightBeAHoconObject
{
    public HoconSubstitution(string path)
    {
        Path = path;
    }

    public string Path { get; set; }

    /// <summary>
    /// What the path leads to; null before it was looked up, and for an optional path that leads nowhere.
    /// </summary>
    public HoconValue ResolvedValue { get; set; }

    internal bool IsOptional { get; init; }

    internal HoconPosition Position { get; init; }

    public bool IsString() => ResolvedValue != null && ResolvedValue.IsString();

    public string GetString() => ResolvedValue?.GetString();

    public bool IsArray() => ResolvedValue != null && ResolvedValue.IsArray();

    public IList<HoconValue> GetArray() => ResolvedValue?.GetArray();

    public bool IsObject() => ResolvedValue != null && ResolvedValue.IsObject();

    public HoconObject GetObject() => ResolvedValue?.GetObject();
}
