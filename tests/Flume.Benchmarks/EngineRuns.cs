using System.Diagnostics;
using Flume.Log;
using Flume.Query.Json;
using Flume.Ssb.Api;

namespace Flume.Benchmarks;

/// <summary>What callers of the whole engine wait for: answers while everything is rebuilt, and views after downtime.</summary>
internal static class EngineRuns
{
    private const int AppendedAtOnce = 1000;

    /// <summary>Gets by key, one after the other, while all views are rebuilt at full speed; and the same at rest.</summary>
    public static async Task BusyAsync(Identity source)
    {
        string[] keys = [.. Keys(source, 2000)];
        await using RunningEngine running = await RunningEngine.OpenAsync(source.Folder);
        await running.FreshAsync().ConfigureAwait(false);
        for (int i = 0; i < keys.Length; i++) await GetAsync(running.Identity, keys[i]).ConfigureAwait(false);
        Percentiles.Print("get at rest", await GetsAsync(running.Identity, keys, () => Task.FromResult(false)).ConfigureAwait(false));
        long start = Stopwatch.GetTimestamp();
        await running.Identity.RebuildAsync(ViewSelection.All).ConfigureAwait(false);
        List<double> times = await GetsAsync(running.Identity, keys, running.IsRebuildingAsync).ConfigureAwait(false);
        Percentiles.Print($"get during a rebuild of {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s", times);
    }

    /// <summary>
    /// Catching up after downtime: from the start of an engine whose views lack the last <paramref name="count"/> records until
    /// every view answers with the last; and a rebuild of all views, to compare.
    /// </summary>
    public static async Task CatchUpAsync(Identity source, int count)
    {
        string folder = Directory.CreateTempSubdirectory("flume-catchup-").FullName;
        File.Copy(Path.Combine(source.Folder, "secret"), Path.Combine(folder, "secret"));
        using OffsetLog from = source.OpenLog();
        Offset[] records = LogRuns.Offsets(from);
        int before = Math.Max(0, records.Length - count);
        Append(folder, from, records.AsSpan(0, before));
        await using (RunningEngine first = await RunningEngine.OpenAsync(folder, folder)) await first.FreshAsync().ConfigureAwait(false);
        Append(folder, from, records.AsSpan(before));
        await using (RunningEngine running = await MeasureStartAsync(folder, records.Length - before).ConfigureAwait(false))
        {
            Meter rebuilding = new();
            await running.Identity.RebuildAsync(ViewSelection.All).ConfigureAwait(false);
            while (await running.IsRebuildingAsync().ConfigureAwait(false)) await Task.Delay(1).ConfigureAwait(false);
            rebuilding.Print("rebuild", records.Length);
        }

        Directory.Delete(folder, recursive: true);
    }

    private static async Task<RunningEngine> MeasureStartAsync(string folder, int records)
    {
        Meter catching = new();
        RunningEngine running = await RunningEngine.OpenAsync(folder, folder).ConfigureAwait(false);
        await running.FreshAsync().ConfigureAwait(false);
        catching.Print("catch up", records);
        return running;
    }

    private static void Append(string folder, OffsetLog from, ReadOnlySpan<Offset> records)
    {
        using OffsetLog log = OffsetLog.Open(Path.Combine(folder, "log.offset"));
        for (; records.Length > 0; records = records[Math.Min(AppendedAtOnce, records.Length)..])
        {
            var payloads = new ReadOnlyMemory<byte>[Math.Min(AppendedAtOnce, records.Length)];
            for (int i = 0; i < payloads.Length; i++) payloads[i] = from.Get(records[i]).Payload;
            log.Append(payloads, Durability.Os);
        }
    }

    private static async Task<List<double>> GetsAsync(IIdentity identity, string[] keys, Func<Task<bool>> goesOn)
    {
        List<double> times = [];
        do
        {
            for (int i = 0; i < keys.Length; i++)
            {
                if (i % 50 == 0) await Task.Delay(1).ConfigureAwait(false);
                long start = Stopwatch.GetTimestamp();
                await GetAsync(identity, keys[i]).ConfigureAwait(false);
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }
        while (await goesOn().ConfigureAwait(false));
        return times;
    }

    private static async Task GetAsync(IIdentity identity, string key)
    {
        BuiltInApi.Table.TryGet("get", out ApiMethod get);
        await get.Call!(new ApiCall(identity, JsValue.Parse($"[{key}]").AsArray, CancellationToken.None)).ConfigureAwait(false);
    }

    private static IEnumerable<string> Keys(Identity source, int count)
    {
        using OffsetLog log = source.OpenLog();
        foreach (Offset offset in LogRuns.Offsets(log).Take(count))
            yield return JsValue.Parse(log.Get(offset).Payload.ToArray())["key"].ToJson();
    }
}
