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
    public async Task Requests_are_measured_by_the_convention_from_the_first_one_and_counters_exist_before_they_count()
    {
        await using ServedSite site = await ServedSite.StartAsync();
        await site.Client.GetStringAsync("/metrics"); // measuring begins beside the start: here it has begun
        using (await site.Client.GetAsync("/v1/alice/log")) { }
        using (await site.Client.GetAsync("/v1/nobody/log")) { }
        string scraped = await site.Client.GetStringAsync("/metrics");
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(20));
        while (!scraped.Contains("http_response_status_code=\"404\"") && !patience.IsCancellationRequested)
        {
            await Task.Delay(50); // an answer is repeated to scrapes that follow within 300 ms
            scraped = await site.Client.GetStringAsync("/metrics");
        }

        Assert.Matches("(?m)^http_server_request_duration_seconds_count{.*http_request_method=\"GET\",http_response_status_code=\"200\",http_route=\"/v1/{name}/log\".*} [1-9]", scraped);
        Assert.Matches("(?m)^http_server_request_duration_seconds_count{.*http_response_status_code=\"404\",http_route=\"/v1/{name}/log\".*} [1-9]", scraped);
        Assert.Matches("(?m)^flume_rebuild_records_total{[^}]*} [0-9]", scraped);
        Assert.Matches("(?m)^flume_build_info{[^}]*version=\"[0-9.]+[^}]*} 1", scraped);
        Assert.Contains("# TYPE flume_view_restarts_total counter", scraped);
        Assert.Contains("flume_muxrpc_connections{otel_scope_name=\"Flume.Muxrpc\",role=\"peer\"} 0", scraped);
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
