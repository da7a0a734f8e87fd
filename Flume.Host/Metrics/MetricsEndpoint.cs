using Flume.Host.Http;

namespace Flume.Host.Metrics;

/// <summary><c>GET /metrics</c>: all metrics in Prometheus' format.</summary>
/// <remarks>OpenTelemetry loads at the first request: histograms and counters start there.</remarks>
internal sealed class MetricsEndpoint(ServerContext site) : IDisposable
{
    private readonly Lock _gate = new();
    private StatusGauges? _gauges;
    private (RequestDelegate Answer, IDisposable Lifetime)? _scrape;

    /// <summary>Adds the route, unless the configuration disables it.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        if (site.Metrics.Prometheus) routes.MapGet("/metrics", context => AnswerAsync(context, routes.ServiceProvider));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _gauges?.Dispose();
        _scrape?.Lifetime.Dispose();
    }

    private async Task AnswerAsync(HttpContext context, IServiceProvider services)
    {
        RequestDelegate answer;
        lock (_gate)
        {
            _gauges ??= new StatusGauges(site);
            _scrape ??= Providers.Prometheus(services);
            answer = _scrape.Value.Answer;
        }

        await _gauges.LookAsync(context.RequestAborted).ConfigureAwait(false);
        await answer(context).ConfigureAwait(false);
    }
}
