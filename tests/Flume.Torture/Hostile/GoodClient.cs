using System.Diagnostics;
using System.Net.Sockets;

namespace Flume.Torture.Hostile;

/// <summary>
/// A client that reads and writes beside the attackers, each time on a new connection: it must be served.
/// </summary>
internal sealed class GoodClient(TortureRun run, FlumeServer server)
{
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(20);
    private readonly List<double> _times = [];

    public async Task RunAsync(CancellationToken end)
    {
        while (!end.IsCancellationRequested && server.IsAlive)
        {
            await TryAsync();
            await Task.Delay(100, CancellationToken.None);
        }

        _times.Sort();
        if (_times.Count == 0) return;
        Console.WriteLine($"hostile: the good client was served {_times.Count} times, "
            + $"median {_times[_times.Count / 2]:f0} ms, worst {_times[^1]:f0} ms");
    }

    private async Task TryAsync()
    {
        long began = Stopwatch.GetTimestamp();
        using var late = new CancellationTokenSource(Late);
        using var handler = new SocketsHttpHandler();
        using var http = new HttpClient(handler) { BaseAddress = server.Http.BaseAddress };
        try
        {
            using var record = new StringContent("{\"good\":1}");
            using HttpResponseMessage append = await http.PostAsync("/v1/me/log", record, late.Token);
            using HttpResponseMessage read = await http.GetAsync("/v1/me/log?limit=3", late.Token);
            if (!append.IsSuccessStatusCode || !read.IsSuccessStatusCode)
                run.Violate(
                    run.Options.Seed, "a good client is refused", $"append {append.StatusCode}, read {read.StatusCode}");
            _times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
        catch (Exception failed) when (failed is HttpRequestException or IOException or SocketException
            or OperationCanceledException)
        {
            if (server.IsAlive) run.Violate(run.Options.Seed, "a good client is not served", failed.Message);
        }
    }
}
