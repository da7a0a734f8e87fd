using System.Net.Http;
using Flume.TestKit;
using Xunit;

namespace Flume.Host.Tests;

public sealed class HostGuardTests
{
    [Theory]
    [InlineData("localhost:1234")]
    [InlineData("127.0.0.1")]
    [InlineData("[::1]:7788")]
    [InlineData("flume.example")]
    public async Task A_request_under_one_of_our_names_passes(string host)
    {
        await using ServedSite site = await ServedSite.StartAsync(
            ServedSite.Limits with { HostNames = ["flume.example"] });
        Assert.True((await GetAsync(site, host, null)).IsSuccessStatusCode);
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("localhost.evil.example:7788")]
    public async Task A_request_under_a_strange_name_is_refused(string host)
    {
        await using ServedSite site = await ServedSite.StartAsync();
        await ServedSite.ProblemAsync(await GetAsync(site, host, null), "wrong-host", 421);
    }

    [Fact]
    public async Task A_page_of_ours_may_call_us()
    {
        await using ServedSite site = await ServedSite.StartAsync();
        string own = $"http://{site.Client.BaseAddress!.Authority}";
        Assert.True((await GetAsync(site, null, own)).IsSuccessStatusCode);
    }

    [Theory]
    [InlineData("http://evil.example")]
    [InlineData("http://localhost:1")]
    [InlineData("null")]
    public async Task A_page_of_another_site_may_not(string origin)
    {
        await using ServedSite site = await ServedSite.StartAsync();
        await ServedSite.ProblemAsync(await GetAsync(site, null, origin), "wrong-origin", 403);
    }

    private static Task<HttpResponseMessage> GetAsync(ServedSite site, string? host, string? origin)
    {
        HttpRequestMessage request = new(HttpMethod.Get, "/health/live");
        request.Headers.Host = host;
        if (origin is not null) request.Headers.Add("Origin", origin);
        return site.Client.SendAsync(request);
    }
}
