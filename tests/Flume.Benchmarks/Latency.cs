using System.Diagnostics;
using Flume.Query.Json;

namespace Flume.Benchmarks;

/// <summary>The calls of tests/peers/bench/lines.js, asked of Flume; prints one JSON object.</summary>
internal static class Latency
{
    /// <summary>Enough for the compiler to have done with every path; each is followed by a rest in which it can.</summary>
    private const int WarmUps = 12;

    /// <summary>What a line takes of one round at most: slow calls are compiled by few.</summary>
    private static readonly TimeSpan WarmUpMax = TimeSpan.FromMilliseconds(150);

    /// <summary>Runs every line whose name contains <paramref name="only"/>, or all of them.</summary>
    public static async Task<int> RunAsync(LatencySubject subject, string targetsPath, string? only)
    {
        JsValue targets = JsValue.Parse(await File.ReadAllBytesAsync(targetsPath));
        (string Name, string Method, string[] Args)[] wanted =
            [.. Lines(targets).Where(line => only is null || line.Name.Contains(only, StringComparison.Ordinal))];
        for (int round = 0; round < WarmUps; round++)
        {
            foreach ((_, string method, string[] args) in wanted)
            {
                long began = Stopwatch.GetTimestamp();
                foreach (string text in args.Take(200))
                {
                    await subject.Prepare(method, text)();
                    if (Stopwatch.GetElapsedTime(began) > WarmUpMax) break;
                }
            }
            await Task.Delay(500);
        }
        JsObject lines = new();
        foreach ((string name, string method, string[] args) in wanted)
            lines.Set(name, await MeasureAsync([.. args.Select(text => subject.Prepare(method, text))]));
        Console.WriteLine(JsValue.From(new JsObject().Set("bench", JsValue.From("latency")).Set("stack", JsValue.From(subject.Name))
            .Set("lat", JsValue.From(lines))).ToJson());
        return 0;
    }

    private static IEnumerable<(string Name, string Method, string[] Args)> Lines(JsValue targets)
    {
        foreach (JsValue line in targets["lines"].AsArray)
            yield return (line["name"].AsString, line["method"].AsString,
                [.. line["args"].AsArray.Select(args => args.ToJson())]);
    }

    private static async Task<JsValue> MeasureAsync(IReadOnlyList<Func<ValueTask<long>>> calls)
    {
        double[] times = new double[calls.Count];
        long rows = 0;
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        for (int i = 0; i < times.Length; i++)
        {
            long start = Stopwatch.GetTimestamp();
            rows += await calls[i]();
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
        double cpuMean = (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / times.Length;
        double kilobytes = (GC.GetTotalAllocatedBytes(precise: true) - allocated) / 1024.0 / times.Length;
        double first = times[0], mean = times.Average();
        Array.Sort(times);
        return JsValue.From(new JsObject().Set("n", JsValue.From(times.Length)).Set("rows", JsValue.From(rows))
            .Set("first_ms", Rounded(first)).Set("mean_ms", Rounded(mean)).Set("p50_ms", Rounded(times[times.Length / 2]))
            .Set("p95_ms", Rounded(times[times.Length * 95 / 100])).Set("max_ms", Rounded(times[^1]))
            .Set("min_ms", Rounded(times[0])).Set("cpu_mean_ms", Rounded(cpuMean))
            .Set("allocated_kb", Rounded(kilobytes)));
    }

    private static JsValue Rounded(double milliseconds) => JsValue.From(Math.Round(milliseconds, 4));
}
