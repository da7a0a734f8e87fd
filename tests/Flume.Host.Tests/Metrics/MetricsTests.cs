using System.Net;
using Flume.Host.Http;
using Flume.Host.Metrics;
using Flume.Ssb.Api;
using Flume.TestKit;

namespace Flume.Host.Tests.Metrics;

// The process shares its meters: a concurrent scrape would see the gauges of another test.
[Collection("Metrics")]
public sealed class MetricsTests
{
    [Fact]
    public async Task The_gauges_say_what_the_views_say()
    {
        await using ServedSite site = await ServedSite.StartAsync();
        string scraped = await site.Client.GetStringAsync("/metrics");
        Assert.Contains("flume_view_lag_records{otel_scope_name=\"Flume.Status\",identity=\"alice\",view=\"feeds\"} 2", scraped);
        Assert.Contains("state=\"rebuilding\",view=\"feeds\"} 1", scraped);
        Assert.Contains("state=\"live\",view=\"feeds\"} 0", scraped);
        Assert.Contains("flume_view_rebuild_progress{otel_scope_name=\"Flume.Status\",identity=\"alice\",view=\"feeds\"} 0.25", scraped);
    }

    [Fact]
    public async Task An_identity_that_refuses_leaves_the_others_their_metrics()
    {
        await using ServedSite site = await ServedSite.StartAsync();
        site.Alice.Failure = new IdentityRejectedException("damaged");
        Assert.Contains("flume_identity_open{otel_scope_name=\"Flume.Status\",identity=\"alice\"} 0",
            await site.Client.GetStringAsync("/metrics"));
    }

    [Fact]
    public async Task Metrics_that_are_turned_off_are_no_route()
    {
        await using ServedSite site = await ServedSite.StartAsync(
            served => new ServerContext(served, new ApiTable([]), ServedSite.Limits)
            {
                Metrics = new MetricsSettings { Prometheus = false },
            });
        await ServedSite.ProblemAsync(await site.Client.GetAsync("/metrics"), "no-such-route", 404);
    }

    [Fact]
    public async Task Metrics_and_traces_reach_a_collector()
    {
        using HttpListener collector = new();
        int port = FreePort();
        collector.Prefixes.Add($"http://127.0.0.1:{port}/");
        collector.Start();
        await using ServedSite site = await ServedSite.StartAsync(served => new ServerContext(
            served, new ApiTable([]), ServedSite.Limits)
        {
            Metrics = new MetricsSettings { Otlp = new Uri($"http://127.0.0.1:{port}"), OtlpEvery = TimeSpan.FromMilliseconds(200) },
        });
        HashSet<string> seen = [];
        await using OtlpSender sender = OtlpSender.Start(site.ServerContext)!;
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
        while (!seen.IsSupersetOf(["/v1/metrics", "/v1/traces"]))
        {
            Flume.Log.Telemetry.Instruments.Activities.StartActivity("append")?.Dispose();
            HttpListenerContext request = await collector.GetContextAsync().WaitAsync(patience.Token);
            seen.Add(request.Request.Url!.AbsolutePath);
            request.Response.Close();
        }
    }

    private static int FreePort()
    {
        using System.Net.Sockets.TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
