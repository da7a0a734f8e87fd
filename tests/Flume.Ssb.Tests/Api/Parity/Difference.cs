using System.Text.RegularExpressions;
using Flume.Query.Json;

namespace Flume.Ssb.Tests.Api.Parity;

/// <summary>Compares two replies as JSON. The order of rows counts, but not the order of an object's members.</summary>
internal static partial class Difference
{
    /// <summary>The first difference, or null.</summary>
    public static string? Between(JsValue javaScript, JsValue flume)
    {
        if (flume["crash"].IsString) return flume["crash"].AsString;
        JsValue error = javaScript["error"];
        if (!error.IsUndefined) return OfErrors(error, flume["error"], flume);
        return Deep(javaScript, JsValue.Parse(flume.ToJson()), "");
    }

    /// <summary>
    /// JavaScript's internal errors ("Cannot read properties of …") are not an interface. Any error or result of Flume
    /// is accepted there.
    /// </summary>
    private static string? OfErrors(JsValue theirs, JsValue ours, JsValue flume)
    {
        string message = Mended(theirs["message"].AsString);
        bool isOwn = theirs["name"].AsString is "TypeError" or "RangeError" or "SyntaxError";
        if (isOwn && !message.StartsWith("Param ", StringComparison.Ordinal)) return null;
        if (ours.IsUndefined) return $"JavaScript says '{message}', Flume answers {Short(flume)}";
        string said = ours["message"].AsString;
        return said == message || (IsNotFound(said) && IsNotFound(message)) ? null
            : $"JavaScript says '{message}', Flume says '{said}'";
    }

    /// <summary>
    /// ssb-db's validators pass two values to a template in the wrong order: ".0 of param live must be".
    /// </summary>
    private static string Mended(string message) => SwappedPlaces().Replace(message, ".$2 of param $1 must be");

    /// <summary>JavaScript reports a deleted message as deleted the first time, and as not found later.</summary>
    private static bool IsNotFound(string message) => message == "item has been deleted"
        || message.StartsWith("Key not found in database", StringComparison.Ordinal);

    [GeneratedRegex(@"^\.(\d) of param (\w+) must be")]
    private static partial Regex SwappedPlaces();

    private static string? Deep(JsValue theirs, JsValue ours, string at)
    {
        if (theirs.IsObject && ours.IsObject) return Members(theirs.AsObject, ours.AsObject, at);
        if (theirs.IsArray && ours.IsArray) return Items(theirs.AsArray, ours.AsArray, at);
        return JsValue.StrictEquals(theirs, ours) ? null : $"{at}: JavaScript has {Short(theirs)}, Flume {Short(ours)}";
    }

    private static string? Members(JsObject theirs, JsObject ours, string at)
    {
        foreach ((string name, JsValue value) in theirs)
        {
            if (Deep(value, ours[name], $"{at}.{name}") is { } difference) return difference;
        }
        foreach ((string name, JsValue value) in ours)
        {
            if (!theirs.TryGet(name, out _)) return $"{at}.{name}: only Flume has it, as {Short(value)}";
        }
        return null;
    }

    private static string? Items(JsArray theirs, JsArray ours, string at)
    {
        string? counts = theirs.Count == ours.Count ? null : $" (JavaScript has {theirs.Count} items, Flume {ours.Count})";
        for (int i = 0; i < Math.Min(theirs.Count, ours.Count); i++)
        {
            if (Deep(theirs[i], ours[i], $"{at}[{i}]") is { } difference) return difference + counts;
        }
        return counts is null ? null : at + counts;
    }

    private static string Short(JsValue value)
    {
        string text = value.ToString();
        return text.Length <= 200 ? text : text[..200] + "…";
    }
}
