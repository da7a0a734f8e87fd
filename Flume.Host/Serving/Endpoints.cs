using Flume.Host.Admin;
using Flume.Host.Admin.Events;
using Flume.Host.Backup;
using Flume.Host.Http;
using Flume.Host.Http.OpenApi;
using Flume.Host.Metrics;

namespace Flume.Host.Serving;

/// <summary>The list of all HTTP endpoints.</summary>
internal static class Endpoints
{
    /// <summary>Maps all endpoints.</summary>
    public static void Map(IEndpointRouteBuilder routes, ServerContext site)
    {
        new HealthEndpoints(site).Map(routes);
        new IdentityEndpoints(site).Map(routes);
        new LogEndpoints(site).Map(routes);
        RpcEndpoints calls = new(site);
        calls.Map(routes);
        new SqlEndpoints(site, calls).Map(routes);
        new PeerEndpoints(site).Map(routes);
        new ViewEndpoints(site).Map(routes);
        new RegisteredViewEndpoints(site).Map(routes);
        new CheckEndpoints(site).Map(routes);
        new BackupEndpoints(site).Map(routes);
        new EventsEndpoint(site, TimeProvider.System).Map(routes);
        new SkippedEndpoint(site).Map(routes);
        new BlobEndpoint(site).Map(routes);
        PageEndpoints.Map(routes);
        OpenApiEndpoint.Map(routes);
        new ChecksEndpoint(site, TimeProvider.System).Map(routes);
        MetricsEndpoint metrics = new(site);
        metrics.Map(routes);
        routes.ServiceProvider.GetRequiredService<IHostApplicationLifetime>().ApplicationStopped.Register(
            metrics.Dispose);
    }
}
