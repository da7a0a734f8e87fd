using Flume.Host.Http;

namespace Flume.Host.Metrics;

/// <summary><c>GET /metrics</c>: all metrics in Prometheus' format.</summary>
/// <remarks>OpenTelemetry loads at the first request: histograms and counters start there.</remarks>
internal sealed class MetricsEndpoint(ServerContext site) : IDisposable
{
    private readonly Lock gate = new();
    private StatusGauges? gauges;
    private (RequestDelegate Answer, IDisposable Lifetime)? scrape;

    /// <summary>Adds the route, unless the configuration disables it.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        if (site.Metrics.Prometheus) routes.MapGet("/metrics", context => AnswerAsync(context, routes.ServiceProvider));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        gauges?.Dispose();
        scrape?.Lifetime.Dispose();
    }

    private async Task AnswerAsync(HttpContext context, IServiceProvider services)
    {
        RequestDelegate answer;
        lock (gate)
        {
            gauges ??= new StatusGauges(site);
            scrape ??= Providers.Prometheus(services);
            answer = scrape.Value.Answer;
        }

        await gauges.LookAsync(context.RequestAborted).ConfigureAwait(false);
        await answer(context).ConfigureAwait(false);
    }
}
