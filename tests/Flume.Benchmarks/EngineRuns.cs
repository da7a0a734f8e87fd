using System.Diagnostics;
using Flume.Actors;
using Flume.Api;
using Flume.Codec.Json;
using Flume.Log;
using Flume.Primitives;

namespace Flume.Benchmarks;

/// <summary>What callers of the whole engine wait for: news in every view, and answers while everything is rebuilt.</summary>
internal static class EngineRuns
{
    private const int BatchesPerSecond = 100;
    private static readonly TimeSpan BatchEvery = TimeSpan.FromSeconds(1) / BatchesPerSecond;

    /// <summary>
    /// Appends records of the log at a rate, with fsync, to an empty identity: from each acknowledgement to the moment that
    /// every view answers with it.
    /// </summary>
    public static async Task LagAsync(Identity source, int perSecond, TimeSpan time)
    {
        await using Running running = await Running.StartAsync(null);
        ReadOnlyMemory<byte>[] payloads = [.. Payloads(source, perSecond * (int)time.TotalSeconds)];
        List<double> acknowledged = [], visible = [];
        List<Task> watching = [];
        int batch = perSecond / BatchesPerSecond;
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; (i + 1) * batch <= payloads.Length; i++)
        {
            TimeSpan wait = i * BatchEvery - Stopwatch.GetElapsedTime(start);
            if (wait > TimeSpan.Zero) await Task.Delay(wait).ConfigureAwait(false);
            long sent = Stopwatch.GetTimestamp();
            Appended appended = await running.Identity
                .AppendAsync(payloads.AsMemory(i * batch, batch).ToArray(), Durability.Fsync).ConfigureAwait(false);
            acknowledged.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
            watching.Add(WatchAsync(running.Identity, appended.Last, Stopwatch.GetTimestamp(), visible));
        }

        double rate = watching.Count * batch / Stopwatch.GetElapsedTime(start).TotalSeconds;
        await Task.WhenAll(watching).ConfigureAwait(false);
        Console.WriteLine($"lag: {watching.Count * batch:N0} records at {rate:N0}/s into {running.Identity.Views.Views.Count} views");
        Print("append to acknowledged", acknowledged);
        Print("acknowledged to visible in all", visible);
    }

    /// <summary>Gets by key, one after the other, while all views are rebuilt at full speed; and the same at rest.</summary>
    public static async Task BusyAsync(Identity source)
    {
        string[] keys = [.. Payloads(source, 2000).Select(payload => JsValue.Parse(payload)["key"].ToJson())];
        await using Running running = await Running.StartAsync(source.Folder);
        foreach (ViewStatus view in await running.Identity.StatusAsync().ConfigureAwait(false))
            (await running.Identity.ReadAsync(view.Name, ReadFreshness.Fresh).ConfigureAwait(false)).Dispose();
        for (int i = 0; i < keys.Length; i++) await GetAsync(running.Identity, keys[i]).ConfigureAwait(false);
        Print("get at rest", await GetsAsync(running.Identity, keys, () => Task.FromResult(false)).ConfigureAwait(false));
        long start = Stopwatch.GetTimestamp();
        await running.Identity.RebuildAsync(ViewSelection.All).ConfigureAwait(false);
        List<double> times = await GetsAsync(running.Identity, keys, async () =>
            (await running.Identity.StatusAsync().ConfigureAwait(false)).Any(view => view.Rebuilding is not null)).ConfigureAwait(false);
        Print($"get during a rebuild of {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s", times);
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

    private static async Task WatchAsync(IIdentity identity, Offset offset, long since, List<double> visible)
    {
        await Task.WhenAll(identity.Views.Views.Select(async view =>
            (await identity.ReadAsync(view.Name, ReadFreshness.AtLeast(offset)).ConfigureAwait(false)).Dispose()))
            .ConfigureAwait(false);
        lock (visible) visible.Add(Stopwatch.GetElapsedTime(since).TotalMilliseconds);
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Payloads(Identity source, int count)
    {
        using OffsetLog log = source.OpenLog();
        foreach (Offset offset in LogRuns.Offsets(log).Take(count)) yield return log.Get(offset).Payload.ToArray();
    }

    private static void Print(string what, List<double> ms)
    {
        ms.Sort();
        double At(double part) => ms[Math.Min(ms.Count - 1, (int)(ms.Count * part))];
        Console.WriteLine($"  {what}: n {ms.Count:N0}, p50 {At(0.5):F2} ms, p99 {At(0.99):F2} ms, most {ms[^1]:F2} ms");
    }

    /// <summary>An engine over a folder of its own, with an empty identity or one over a given log.</summary>
    private sealed class Running(FlumeEngine engine, IIdentity identity, string folder) : IAsyncDisposable
    {
        public IIdentity Identity => identity;

        public static async Task<Running> StartAsync(string? source)
        {
            string folder = Directory.CreateTempSubdirectory("flume-engine-").FullName;
            FlumeEngine engine = FlumeEngine.Start(FlumeSettings.Parse(
                $"akka.loglevel = OFF\nakka.stdout-loglevel = OFF\nflume.directory = \"{folder}\"", "bench"));
            if (source is null) return new(engine, await engine.CreateAsync("bench").ConfigureAwait(false), folder);
            IdentityFiles files = new(Path.Combine(source, "log.offset"), Path.Combine(source, "secret"), folder);
            return new(engine, await engine.OpenAsync("bench", files).ConfigureAwait(false), folder);
        }

        public async ValueTask DisposeAsync()
        {
            await engine.StopAsync().ConfigureAwait(false);
            Directory.Delete(folder, recursive: true);
        }
    }
}
