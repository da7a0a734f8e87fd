namespace Akka.Configuration.Hocon;

/// <summary>One piece of a value: values are written as pieces side by side, <c>a = ${x} and "more"</c>.</summary>
public interface IHoconElement
{
    bool IsString();

    string GetString();

    bool IsArray();

    IList<HoconValue> GetArray();
}

/// <summary>A piece or value that may turn out to be an object.</summary>
public interface IMightBeAHoconObject
{
    bool IsObject();

    HoconObject GetObject();
}
