using System.Diagnostics;
using Flume.Log;
using Flume.Ssb.Api;

namespace Flume.Benchmarks;

/// <summary>
/// Appends records of a log at a rate, with fsync, to an empty identity: from each acknowledgement to the moment that every
/// view answers with it. The first seconds count like the others.
/// </summary>
internal sealed class LagRun(Identity source, int perSecond, TimeSpan time)
{
    private const int BatchesPerSecond = 100;
    private static readonly TimeSpan BatchEvery = TimeSpan.FromSeconds(1) / BatchesPerSecond;

    private readonly List<double> _acknowledged = [];
    private readonly Dictionary<string, double[]> _visible = new(StringComparer.Ordinal);
    private double[] _visibleInAll = [];

    /// <summary>Runs it and prints what was seen; with a timeline, also when and by what the slow moments came.</summary>
    public async Task RunAsync(bool withTimeline)
    {
        await using RunningEngine running = await RunningEngine.CreateAsync();
        using OffsetLog from = source.OpenLog();
        int batch = perSecond / BatchesPerSecond;
        int most = perSecond * (int)time.TotalSeconds;
        Offset[][] batches = [.. LogRuns.Offsets(from).Take(most).Chunk(batch).Where(some => some.Length == batch)];
        foreach (string view in Names(running)) _visible[view] = new double[batches.Length];
        _visibleInAll = new double[batches.Length];
        using Timeline? timeline = withTimeline ? new Timeline() : null;
        long start = Stopwatch.GetTimestamp();
        await AppendAsync(running.Identity, from, batches).ConfigureAwait(false);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        int records = batches.Length * batch;
        Console.WriteLine($"lag: {records:N0} records at {records / seconds:N0}/s into {_visible.Count} views");
        Percentiles.Print("append to acknowledged", _acknowledged);
        Percentiles.Print("acknowledged to visible in all", _visibleInAll);
        if (timeline is null) return;
        PrintParts();
        timeline.Print(records);
    }

    private async Task AppendAsync(IIdentity identity, OffsetLog from, Offset[][] batches)
    {
        List<Task> watching = [];
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < batches.Length; i++)
        {
            TimeSpan wait = i * BatchEvery - Stopwatch.GetElapsedTime(start);
            if (wait > TimeSpan.Zero) await Task.Delay(wait).ConfigureAwait(false);
            // Taken from the log as they go, as a server takes them from its connections: nothing grows old in memory.
            ReadOnlyMemory<byte>[] payloads = [.. batches[i].Select(offset => from.Get(offset).Payload)];
            long sent = Stopwatch.GetTimestamp();
            Appended appended = await identity.AppendAsync(payloads, Durability.Fsync).ConfigureAwait(false);
            _acknowledged.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
            watching.Add(WatchAsync(identity, i, appended.Last));
        }

        await Task.WhenAll(watching).ConfigureAwait(false);
    }

    private async Task WatchAsync(IIdentity identity, int batch, Offset offset)
    {
        long since = Stopwatch.GetTimestamp();
        await Task.WhenAll(_visible.Select(async view =>
        {
            (await identity.ReadAsync(view.Key, ReadFreshness.AtLeast(offset)).ConfigureAwait(false)).Dispose();
            view.Value[batch] = Stopwatch.GetElapsedTime(since).TotalMilliseconds;
        })).ConfigureAwait(false);
        _visibleInAll[batch] = Stopwatch.GetElapsedTime(since).TotalMilliseconds;
    }

    private void PrintParts()
    {
        foreach ((string view, double[] ms) in _visible) Percentiles.Print($"  visible in {view}", ms);
        int second = 0;
        foreach (double[] ms in _visibleInAll.Chunk(BatchesPerSecond)) Percentiles.Print($"  visible in all, second {second++}", ms);
    }

    private static IEnumerable<string> Names(RunningEngine running) => running.Identity.Views.Views.Select(view => view.Name);
}
