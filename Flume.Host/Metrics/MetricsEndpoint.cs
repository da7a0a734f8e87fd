using Flume.Host.Http;
using Flume.Log.Telemetry;

namespace Flume.Host.Metrics;

/// <summary><c>GET /metrics</c>: all metrics in Prometheus' format.</summary>
/// <remarks>
/// OpenTelemetry loads when the identities are open, or with the first request for metrics: its loading takes as much
/// processor time as half of a start. From then on everything is counted.
/// </remarks>
internal sealed class MetricsEndpoint(ServerContext site) : IDisposable
{
    private readonly Lock _gate = new();
    private StatusGauges? _gauges;
    private bool _isDisposed;
    private (RequestDelegate Answer, IDisposable Lifetime)? _scrape;

    /// <summary>Adds the route, unless the configuration disables it.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        if (!site.Metrics.Prometheus) return;
        IServiceProvider services = routes.ServiceProvider;
        routes.MapGet("/metrics", context => AnswerAsync(context, services));
        site.Opened.ContinueWith(_ => Begin(services), TaskScheduler.Default);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _gauges?.Dispose();
            _scrape?.Lifetime.Dispose();
        }
    }

    /// <summary>Starts to count, once.</summary>
    private RequestDelegate? Begin(IServiceProvider services)
    {
        lock (_gate)
        {
            if (_isDisposed) return null;
            if (_scrape is null)
            {
                _gauges = new StatusGauges(site);
                _scrape = Providers.Prometheus(services);
                MuxrpcMetrics.Begin();
                Instruments.AppendRecords.Add(0);
                Instruments.AppendBytes.Add(0);
                Instruments.RebuildRecords.Add(0);
            }

            return _scrape.Value.Answer;
        }
    }

    private async Task AnswerAsync(HttpContext context, IServiceProvider services)
    {
        RequestDelegate answer = Begin(services) ?? throw new ProblemException(
            ProblemTypes.Stopping, "The server is stopping.");
        await _gauges!.LookAsync(context.RequestAborted).ConfigureAwait(false);
        await answer(context).ConfigureAwait(false);
    }
}
