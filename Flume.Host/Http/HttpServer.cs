using System.Net;
using Flume.Host.Http.Access;
using Flume.Host.Logging;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Flume.Host.Http;

/// <summary>The HTTP server: serves a <see cref="ServerContext"/> on one address.</summary>
/// <remarks>
/// Handlers are plain request delegates: no code is compiled at start-up, and responses are streamed.
/// </remarks>
internal sealed class HttpServer : IAsyncDisposable
{
    private static readonly TimeSpan HeadersWithin = TimeSpan.FromSeconds(10), IdleMax = TimeSpan.FromSeconds(60);

    private readonly WebApplication _app;
    private readonly ServerContext _site;

    private HttpServer(WebApplication app, ServerContext site)
    {
        _app = app;
        _site = site;
    }

    /// <summary>The base address, e.g. <c>http://127.0.0.1:7788</c>; with the real port if 0 was requested.</summary>
    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features
        .GetRequiredFeature<IServerAddressesFeature>().Addresses.First());

    /// <summary>Every mapped route, with its method.</summary>
    public IEnumerable<(string Method, string Pattern)> Routes =>
        from source in ((IEndpointRouteBuilder)_app).DataSources
        from endpoint in source.Endpoints.OfType<RouteEndpoint>()
        from method in endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
        select (method, endpoint.RoutePattern.RawText!);

    /// <summary>Starts to listen on an address.</summary>
    /// <exception cref="IOException">The address is in use, or is not an address of this machine.</exception>
    public static async Task<HttpServer> StartAsync(
        ServerContext site, IPEndPoint address, MapEndpoints map, CancellationToken cancel = default)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Configure(kestrel, site, address));
        builder.Services.AddRoutingCore();
        builder.Services.Replace(ServiceDescriptor.Singleton(site.Loggers));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = site.Limits.StopWithin);

        WebApplication app = builder.Build();
        app.Use(new AuditLog(site.Loggers, TimeProvider.System).InvokeAsync);
        app.Use(new ErrorBoundary(site).InvokeAsync);
        app.Use(RequestRules.InvokeAsync);
        app.Use(new HostGuard(site.Limits.HostNames).InvokeAsync);
        app.UseRouting();
        app.Use(new TokenGuard(site.Access).InvokeAsync);
        map(app, site);
        app.Use(NotFoundFallback.InvokeAsync);
        await app.StartAsync(cancel).ConfigureAwait(false);
        return new HttpServer(app, site);
    }

    /// <summary>
    /// Stops accepting connections, waits for running requests at most <see cref="HttpLimits.StopWithin"/>, then aborts
    /// them.
    /// </summary>
    public async Task StopAsync()
    {
        _site.Stop();
        await _app.StopAsync(CancellationToken.None).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static void Configure(KestrelServerOptions kestrel, ServerContext site, IPEndPoint address)
    {
        HttpLimits limits = site.Limits;
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = limits.BodyBytesMax;
        kestrel.Limits.MaxConcurrentConnections = limits.ConnectionsMax;
        kestrel.Limits.RequestHeadersTimeout = HeadersWithin;
        kestrel.Limits.KeepAliveTimeout = IdleMax;
        kestrel.Limits.MinRequestBodyDataRate =
            limits.BodyRateMin == 0 ? null : new MinDataRate(limits.BodyRateMin, limits.BodyGrace);
        kestrel.Listen(address, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            ConnectionGate gate = new(site);
            listen.Use(next => connection => gate.RunAsync(connection, next));
        });
    }
}

/// <summary>Maps the endpoints of a server.</summary>
internal delegate void MapEndpoints(IEndpointRouteBuilder routes, ServerContext site);
