using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Flume.Torture.Soak;

/// <summary>Appenders, publishers, live readers, queries and a rebuild a minute.</summary>
internal sealed class SoakLoad(TortureRun run, FlumeServer server)
{
    private const int Appenders = 3, Readers = 3, RecordsPerAppend = 5;
    private static readonly TimeSpan RebuildEvery = TimeSpan.FromMinutes(1), Settling = TimeSpan.FromSeconds(20);
    private static readonly string[] Queries =
    [
        """{"name":["query","read"],"args":[{"query":[{"$filter":{"value":{"content":{"type":"vote"}}}}],"limit":20}]}""",
        "{\"name\":[\"search\",\"query\"],\"args\":[{\"query\":\"dolor\",\"limit\":5}]}",
        "{\"name\":[\"createFeedStream\"],\"args\":[{\"limit\":10,\"reverse\":true}]}",
        "{\"name\":[\"whoami\"],\"args\":[]}",
    ];

    private readonly ConcurrentBag<double> _appendMs = [];
    private readonly ConcurrentDictionary<long, bool> _acknowledged = new();
    private readonly List<long>[] _seen = [.. Enumerable.Range(0, Readers).Select(_ => new List<long>())];

    /// <summary>Works until the time is over and the readers have caught up.</summary>
    public async Task RunAsync()
    {
        using var end = new CancellationTokenSource();
        Task[] readers = [.. _seen.Select(seen => ReadAsync(seen, end.Token))];
        await Task.Delay(1000);
        await Task.WhenAll([.. Enumerable.Range(0, Appenders).Select(AppendAsync), QueryAsync(), RebuildAsync()]);
        DateTime late = DateTime.UtcNow + Settling;
        while (DateTime.UtcNow < late && _seen.Any(seen => Count(seen) < _acknowledged.Count))
            await Task.Delay(50);
        await end.CancelAsync();
        await Task.WhenAll(readers);
    }

    /// <summary>Each reader saw each record once and in order; each acknowledged record is in the log.</summary>
    public void Judge(IEnumerable<long> stored)
    {
        HashSet<long> there = [.. stored];
        foreach (List<long> seen in _seen)
        {
            for (int i = 1; i < seen.Count; i++)
                if (seen[i] <= seen[i - 1])
                    run.Violate(run.Options.Seed, "a live reader is out of order", $"{seen[i]} behind {seen[i - 1]}");
            int missed = _acknowledged.Keys.Except(seen).Count();
            if (missed > 0) run.Violate(run.Options.Seed, "a live reader missed records", $"{missed}");
        }

        int lost = _acknowledged.Keys.Count(offset => !there.Contains(offset));
        if (lost > 0) run.Violate(run.Options.Seed, "acknowledged records are lost", $"{lost}");
        double[] times = [.. _appendMs.Order()];
        if (times.Length == 0) return;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"soak: {_acknowledged.Count} records; append median {times[times.Length / 2]:f1} ms, ")
            + $"99 % {times[times.Length * 99 / 100]:f0} ms, worst {times[^1]:f0} ms");
    }

    private static int Count(List<long> seen)
    {
        lock (seen) return seen.Count;
    }

    private async Task AppendAsync(int number)
    {
        for (int i = 0; !run.IsOver && server.IsAlive; i++)
        {
            string group = string.Join('\n', Enumerable.Range(0, RecordsPerAppend).Select(n =>
                $"{{\"soak\":{i},\"by\":{number},\"n\":{n},\"pad\":\"{new string('p', (i * 37 + n) % 500)}\"}}"));
            long began = Stopwatch.GetTimestamp();
            (int status, string body) = await server.PostAsync("/v1/me/log", group);
            _appendMs.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            run.Count();
            if (status != 200)
            {
                run.Violate(run.Options.Seed, "an append fails", $"{status} {body}");
                continue;
            }

            using JsonDocument answer = JsonDocument.Parse(body);
            foreach (JsonElement offset in answer.RootElement.GetProperty("offsets").EnumerateArray())
                _acknowledged[offset.GetInt64()] = true;
            await Task.Delay(30);
        }
    }

    private async Task QueryAsync()
    {
        for (int i = 0; !run.IsOver && server.IsAlive; i++)
        {
            (int status, string body) = await server.PostAsync("/v1/me/rpc", Queries[i % Queries.Length]);
            if (status != 200) run.Violate(run.Options.Seed, "a query fails", $"{status} {body}");
            run.Count();
            await Task.Delay(100);
        }
    }

    private async Task RebuildAsync()
    {
        DateTime next = DateTime.UtcNow + RebuildEvery;
        while (!run.IsOver && server.IsAlive)
        {
            await Task.Delay(200);
            if (DateTime.UtcNow < next) continue;
            next = DateTime.UtcNow + RebuildEvery;
            (int status, string body) = await server.PostAsync("/v1/me/views/rebuild");
            if (status is not (200 or 202)) run.Violate(run.Options.Seed, "a rebuild is refused", $"{status} {body}");
            run.Note("rebuilds");
        }
    }

    private async Task ReadAsync(List<long> seen, CancellationToken end)
    {
        try
        {
            using var endless = new HttpClient { BaseAddress = server.Http.BaseAddress };
            endless.Timeout = Timeout.InfiniteTimeSpan;
            using Stream stream = await endless.GetStreamAsync("/v1/me/log?live=true&old=false", end);
            using var lines = new StreamReader(stream);
            while (await lines.ReadLineAsync(end) is { } line)
            {
                const string start = "{\"offset\":";
                if (!line.StartsWith(start, StringComparison.Ordinal)) continue;
                int comma = line.IndexOf(',', StringComparison.Ordinal);
                long offset = long.Parse(line.AsSpan(start.Length, comma - start.Length), CultureInfo.InvariantCulture);
                lock (seen) seen.Add(offset);
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }

        run.Violate(run.Options.Seed, "a live stream ended", "");
    }
}
