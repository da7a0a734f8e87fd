using System.Diagnostics;
using Flume.Codec.Json;

namespace Flume.Benchmarks;

/// <summary>The lines of tests/peers/bench/latency.js, asked of Flume; prints one JSON object.</summary>
internal static class Latency
{
    /// <summary>Enough for the compiler to have done with every path; each is followed by a rest in which it can.</summary>
    private const int WarmUps = 4;

    private static readonly string Posts = """{"value":{"content":{"type":"post"}}}""";

    /// <summary>Runs every line whose name contains <paramref name="only"/>, or all of them.</summary>
    public static async Task<int> RunAsync(LatencySubject subject, string targetsPath, string? only)
    {
        JsValue targets = JsValue.Parse(await File.ReadAllBytesAsync(targetsPath));
        JsObject lines = new();
        for (int round = 0; round < WarmUps; round++)
        {
            foreach ((_, string method, IEnumerable<string> args) in Lines(targets))
            {
                foreach (string text in args.Take(200)) await subject.Prepare(method, text)();
            }
            await Task.Delay(500);
        }
        foreach ((string name, string method, IEnumerable<string> args) in Lines(targets))
        {
            if (only is null || name.Contains(only, StringComparison.Ordinal))
                lines.Set(name, await MeasureAsync([.. args.Select(text => subject.Prepare(method, text))]));
        }
        Console.WriteLine(JsValue.From(new JsObject().Set("bench", JsValue.From("latency")).Set("stack", JsValue.From(subject.Name))
            .Set("lat", JsValue.From(lines))).ToJson());
        return 0;
    }

    private static IEnumerable<(string Name, string Method, IEnumerable<string> Args)> Lines(JsValue targets)
    {
        string[] users = Texts(targets["users"]);
        string biggest = targets["biggestAuthor"].ToJson(), message = targets["mostLinkedMsg"].ToJson();
        string feed = targets["mostLinkedFeed"].ToJson();
        yield return ("get_by_key", "get", Texts(targets["keys"]).Select(key => $"[{key}]"));
        yield return ("createUserStream", "createUserStream", users.Select(user => $$$$$"""[{"id":{{{{{user}}}}}}]"""));
        yield return ("createUserStream_biggest", "createUserStream", Again(10, $$$$$"""[{"id":{{{{{biggest}}}}}}]"""));
        yield return ("createHistoryStream_biggest", "createHistoryStream", Again(10, $$$$$"""[{"id":{{{{{biggest}}}}}}]"""));
        yield return ("backlinks_mostLinkedMsg", "backlinks.read", Again(10, Backlinks(message)));
        yield return ("backlinks_mostLinkedFeed", "backlinks.read", Again(10, Backlinks(feed)));
        yield return ("about_socialValue_name", "about.socialValue", users.Select(user => $$$$$"""[{"key":"name","dest":{{{{{user}}}}}}]"""));
        yield return ("about_latestValues", "about.latestValues",
            users.Select(user => $$$$$"""[{"keys":["name","image","description"],"dest":{{{{{user}}}}}}]"""));
        yield return ("query_posts_of_author_newest50", "query.read", users.Select(user =>
            $$$$$"""[{"query":[{"$filter":{"value":{"author":{{{{{user}}}}},"content":{"type":"post"}}}}],"reverse":true,"limit":50}]"""));
        yield return ("query_posts_all_newest50", "query.read",
            Again(20, $$$$$"""[{"query":[{"$filter":{{{{{Posts}}}}}}],"reverse":true,"limit":50}]"""));
        yield return ("query_count_posts_per_author(reduce)", "query.read", Again(3,
            $$$$$"""[{"query":[{"$filter":{{{{{Posts}}}}}},{"$reduce":{"author":["value","author"],"n":{"$count":true}}}]}]"""));
        yield return ("links2_votes_for", "links2.read",
            Again(10, $$$$$"""[{"query":[{"$filter":{"dest":{{{{{message}}}}},"rel":["vote",{"$gt":-99}]}}]}]"""));
        yield return ("query_first_page_of_client", "query.read", Again(20, """
            [{"query":[{"$filter":{"value":{"timestamp":{"$lte":1e15},"content":{"type":{"$in":["post","blog"]}}}}}],
              "reverse":true,"limit":64}]
            """));
        yield return ("query_count_posts", "query.read", Again(10, $$$$$"""[{"query":[{"$filter":{{{{{Posts}}}}}},{"$reduce":{"$count":true}}]}]"""));
        yield return ("query_newest_of_two_authors", "query.read", users.Select(user =>
            $$$$$"""[{"query":[{"$filter":{"value":{"author":{"$in":[{{{{{user}}}}},{{{{{biggest}}}}}]}}}}],"reverse":true,"limit":50}]"""));
    }

    private static string Backlinks(string dest) => $$$$$"""[{"query":[{"$filter":{"dest":{{{{{dest}}}}}}}],"index":"DTA","live":false}]""";

    private static IEnumerable<string> Again(int times, string args) => Enumerable.Repeat(args, times);

    private static string[] Texts(JsValue list) => [.. list.AsArray.Select(text => text.ToJson())];

    private static async Task<JsValue> MeasureAsync(IReadOnlyList<Func<ValueTask<long>>> calls)
    {
        double[] times = new double[calls.Count];
        long rows = 0;
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        for (int i = 0; i < times.Length; i++)
        {
            long start = Stopwatch.GetTimestamp();
            rows += await calls[i]();
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
        double cpuMean = (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / times.Length;
        double first = times[0], mean = times.Average();
        Array.Sort(times);
        return JsValue.From(new JsObject().Set("n", JsValue.From(times.Length)).Set("rows", JsValue.From(rows))
            .Set("first_ms", Rounded(first)).Set("mean_ms", Rounded(mean)).Set("p50_ms", Rounded(times[times.Length / 2]))
            .Set("p95_ms", Rounded(times[times.Length * 95 / 100])).Set("max_ms", Rounded(times[^1]))
            .Set("min_ms", Rounded(times[0])).Set("cpu_mean_ms", Rounded(cpuMean)));
    }

    private static JsValue Rounded(double milliseconds) => JsValue.From(Math.Round(milliseconds, 4));
}
