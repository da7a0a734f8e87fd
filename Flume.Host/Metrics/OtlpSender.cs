using Flume.Host.Http;

namespace Flume.Host.Metrics;

/// <summary>
/// Exports metrics and traces by OTLP while the server runs; it starts in parallel, without delaying the server.
/// </summary>
internal sealed class OtlpSender : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly Task _running;

    private OtlpSender(ServerContext site)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(site.Stopping);
        _running = Task.Run(() => RunAsync(site, _stop.Token));
    }

    /// <summary>Starts the export; null if no endpoint is configured.</summary>
    public static OtlpSender? Start(ServerContext site) => site.Metrics.Otlp is null ? null : new OtlpSender(site);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private static async Task RunAsync(ServerContext site, CancellationToken stop)
    {
        using StatusGauges gauges = new(site);
        using IDisposable sending = Providers.Otlp(site.Metrics);
        try
        {
            using PeriodicTimer timer = new(site.Metrics.OtlpEvery);
            do await gauges.LookAsync(stop).ConfigureAwait(false);
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // The server stops: disposal of the providers exports the remaining data.
        }
        catch (Exception error)
        {
            Console.Error.WriteLine($"flume: no more metrics are sent to {site.Metrics.Otlp}: {error}");
        }
    }
}
