using Flume.Query.Json;
using Flume.Ssb.Api;

namespace Flume.SystemTests.Golden;

/// <summary>Asks for one golden case and says what differs.</summary>
internal static class GoldenRun
{
    /// <summary>What differs from the golden answer, or null.</summary>
    internal static async Task<string?> CheckAsync(IGoldenAnswers answers, GoldenCase golden)
    {
        (ApiMethod method, JsArray args) = Call(golden);
        return Compare(golden, method, await answers.AskAsync(method, args))
            ?? await CheckExplainAsync(answers, golden);
    }

    /// <summary>
    /// The method and arguments of a case; the raw log's stream has a call of its own in JavaScript only.
    /// </summary>
    internal static (ApiMethod Method, JsArray Args) Call(GoldenCase golden)
    {
        if (golden.Method != "flume.log.stream") return (Method(golden.Method), golden.Args);
        JsObject options = golden.Args[0].AsObject.Copy().Set("raw", JsValue.True);
        return (Method("createLogStream"), new JsArray().Add(JsValue.From(options)));
    }

    /// <summary>What of an answer differs, or null.</summary>
    internal static string? Compare(GoldenCase golden, ApiMethod method, GoldenAnswer answer)
    {
        if (answer.Error is not null) return CompareError(golden.Expected, answer.Error);
        return method.Kind == ApiKind.Source
            ? GoldenCheck.Rows(golden.Expected, golden.Project, answer.Rows)
            : GoldenCheck.Value(golden.Expected["value"], answer.Value);
    }

    private static string? CompareError(JsValue expected, string message)
    {
        JsValue text = expected["error"].IsUndefined ? expected["throws"] : expected["error"];
        return text.IsString && message.Contains(text.AsString, StringComparison.Ordinal) ? null
            : $"expected {expected.ToJson()[..Math.Min(200, expected.ToJson().Length)]}, got error: {message}";
    }

    /// <summary>explain as JavaScript prints it: what it has is compared, what Flume adds is not.</summary>
    private static async Task<string?> CheckExplainAsync(IGoldenAnswers answers, GoldenCase golden)
    {
        JsValue expected = golden.Expected["explain"];
        if (expected.IsUndefined || golden.Expected["throws"].IsString) return null;
        JsValue actual = (await answers.AskAsync(Method("query.explain"), golden.Args)).Value;
        foreach (string name in (string[])["index", "gte", "lte", "reverse", "scores"])
        {
            if (GoldenCheck.Value(expected[name], actual[name]) is { } difference)
                return $"explain.{name}: {difference}";
        }
        bool scans = actual["scan"].IsTruthy;
        return scans == expected["scan"].IsTruthy ? null : $"explain.scan is {scans}";
    }

    private static ApiMethod Method(string name) => BuiltInApi.Table.TryGet(name, out ApiMethod method) ? method
        : throw new InvalidOperationException($"There is no method {name}.");
}
