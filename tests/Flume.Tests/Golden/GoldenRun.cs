using Flume.Api;
using Flume.Codec.Json;

namespace Flume.Tests.Golden;

/// <summary>Runs one golden case on an identity and says what differs.</summary>
internal static class GoldenRun
{
    /// <summary>What differs from the golden answer, or null.</summary>
    internal static async Task<string?> CheckAsync(IIdentity identity, GoldenCase golden)
    {
        (string name, JsArray args) = Translate(golden);
        if (!BuiltInApi.Table.TryGet(name, out ApiMethod method)) return $"there is no method {name}";
        ApiCall call = new(identity, args, CancellationToken.None);
        string? difference;
        try
        {
            difference = method.Kind == ApiKind.Source
                ? GoldenCheck.Rows(golden.Expected, golden.Project, await CollectAsync(method.Open!(call)))
                : GoldenCheck.Value(golden.Expected["value"], await method.Call!(call));
        }
        catch (ApiException error)
        {
            difference = CheckError(golden.Expected, error.Message);
        }
        return difference ?? await CheckExplainAsync(identity, golden);
    }

    private static string? CheckError(JsValue expected, string message)
    {
        JsValue text = expected["error"].IsUndefined ? expected["throws"] : expected["error"];
        return text.IsString && message.Contains(text.AsString, StringComparison.Ordinal) ? null
            : $"expected {expected.ToJson()[..Math.Min(200, expected.ToJson().Length)]}, got error: {message}";
    }

    /// <summary>explain as JavaScript prints it: what it has is compared, what Flume adds is not.</summary>
    private static async Task<string?> CheckExplainAsync(IIdentity identity, GoldenCase golden)
    {
        JsValue expected = golden.Expected["explain"];
        if (expected.IsUndefined || golden.Expected["throws"].IsString) return null;
        BuiltInApi.Table.TryGet("query.explain", out ApiMethod explain);
        JsValue actual = await explain.Call!(new ApiCall(identity, golden.Args, CancellationToken.None));
        foreach (string name in (string[])["index", "gte", "lte", "reverse", "scores"])
        {
            if (GoldenCheck.Value(expected[name], actual[name]) is { } difference) return $"explain.{name}: {difference}";
        }
        bool scans = actual["scan"].IsTruthy;
        return scans == expected["scan"].IsTruthy ? null : $"explain.scan is {scans}";
    }

    /// <summary>The raw log's stream has a call of its own in JavaScript only.</summary>
    private static (string Name, JsArray Args) Translate(GoldenCase golden)
    {
        if (golden.Method != "flume.log.stream") return (golden.Method, golden.Args);
        JsObject options = golden.Args[0].AsObject.Copy().Set("raw", JsValue.True);
        return ("createLogStream", new JsArray().Add(JsValue.From(options)));
    }

    private static async Task<List<JsValue>> CollectAsync(IAsyncEnumerable<JsValue> source)
    {
        List<JsValue> items = [];
        await foreach (JsValue item in source) items.Add(item);
        return items;
    }
}
