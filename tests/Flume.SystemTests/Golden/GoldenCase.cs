using Flume.Query.Json;
using Flume.TestKit;

namespace Flume.SystemTests.Golden;

/// <summary>One record of the golden answers: a request, and what the JavaScript modules answered.</summary>
public sealed record GoldenCase(string Id, string Method, JsArray Args, string? Project, JsValue Expected)
{
    /// <summary>All cases there are.</summary>
    public static List<GoldenCase> All { get; } =
        [.. Directory.GetFiles(Vectors.Golden, "*.jsonl").Order(StringComparer.Ordinal).SelectMany(file => Read(file))];

    /// <summary>All cases of a file in <c>tests/vectors/small/golden</c>.</summary>
    public static IEnumerable<GoldenCase> Read(string file)
    {
        foreach (string line in File.ReadLines(Path.Combine(Vectors.Golden, file)))
        {
            JsValue record = JsValue.Parse(line), request = record["request"];
            yield return new GoldenCase(record["id"].AsString, request["method"].AsString, request["args"].AsArray,
                request["project"] is { IsString: true } project ? project.AsString : null, record["expected"]);
        }
    }

    public override string ToString() => $"{Id}: {Method} {JsValue.From(Args).ToJson()}";
}
