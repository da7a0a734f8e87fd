using System.Net.Http;
using System.Text.Json;
using Flume.Host.Http;
using Flume.TestKit;
using Xunit;

namespace Flume.Host.Tests;

public sealed class StopTests
{
    [Fact]
    public async Task A_stop_refuses_what_comes_and_finishes_what_runs()
    {
        await using ServedSite site = await ServedSite.StartAsync();
        TaskCompletionSource gate = new();
        site.Alice.AppendAdmission = gate.Task;
        Task<HttpResponseMessage> running = site.PostAsync("/v1/alice/log", "1");
        await Until.TrueAsync(() => site.Alice.AppendsBegun == 1, "the append runs");

        site.ServerContext.Stop();
        await ServedSite.ProblemAsync(await site.PostAsync("/v1/alice/log", "2"), "stopping", 503);
        await ServedSite.ProblemAsync(await site.Client.GetAsync("/health/ready"), "stopping", 503);
        Task stopped = site.StopAsync();
        gate.SetResult();

        Assert.True((await running).IsSuccessStatusCode);
        await stopped;
    }

    [Fact]
    public async Task A_stop_ends_idle_streams_and_says_so()
    {
        await using ServedSite site = await ServedSite.StartAsync(
            ServedSite.Limits with { StopWithin = TimeSpan.FromSeconds(30) });
        using HttpResponseMessage live = await site.Client.GetAsync(
            "/v1/alice/log?live=true", HttpCompletionOption.ResponseHeadersRead);
        using StreamReader lines = new(await live.Content.ReadAsStreamAsync());

        await site.StopAsync().WaitAsync(TimeSpan.FromSeconds(10));

        JsonElement last = JsonDocument.Parse((await lines.ReadLineAsync())!).RootElement.GetProperty("$error");
        Assert.Equal("/problems/stopping", last.GetProperty("type").GetString());
    }
}
