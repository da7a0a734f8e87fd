using System.Net;
using System.Net.Http;
using System.Text.Json;
using Flume.Ssb.Api;
using Flume.TestKit;
using Xunit;

namespace Flume.Host.Tests;

public sealed class ViewEndpointsTests
{
    [Fact]
    public async Task The_state_of_every_view_is_told_in_numbers()
    {
        await using ServedSite site = await ServedSite.StartAsync();
        JsonElement answer = await ReadAsync(await site.Client.GetAsync("/v1/alice/views"));
        Assert.Equal(-1, answer.GetProperty("head").GetInt64());
        JsonElement view = answer.GetProperty("views").EnumerateArray().Single();
        Assert.Equal("feeds", view.GetProperty("name").GetString());
        Assert.Equal("rebuilding", view.GetProperty("state").GetString());
        Assert.Equal(2, view.GetProperty("lag").GetProperty("records").GetInt64());
        Assert.Equal(3, view.GetProperty("etaSeconds").GetDouble());
        Assert.Equal(0.25, view.GetProperty("rebuilding").GetProperty("progress").GetDouble());
        Assert.Equal(JsonValueKind.Null, view.GetProperty("paused").ValueKind);
    }

    [Fact]
    public async Task One_view_is_had_by_its_name()
    {
        await using ServedSite site = await ServedSite.StartAsync();
        Assert.Equal("feeds",
            (await ReadAsync(await site.Client.GetAsync("/v1/alice/views/feeds"))).GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("GET", "/v1/alice/views/feed")]
    [InlineData("POST", "/v1/alice/views/feed/rebuild")]
    public async Task A_view_that_is_not_there_says_which_are(string method, string path)
    {
        await using ServedSite site = await ServedSite.StartAsync();
        HttpResponseMessage response = await site.Client.SendAsync(
            new HttpRequestMessage(new HttpMethod(method), path));
        JsonElement problem = await ServedSite.ProblemAsync(response, "no-such-view", 404);
        Assert.Contains(
            "No view is named 'feed'. Did you mean 'feeds'? Views are about, backlinks, feeds", problem.GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData("views/feeds/rebuild", 202, "rebuild view 'feeds'")]
    [InlineData("views/rebuild", 202, "rebuild all views")]
    [InlineData("views/feeds/cancel", 200, "cancel view 'feeds'")]
    [InlineData("views/feeds/resume", 200, "resume view 'feeds'")]
    [InlineData("views/feeds/pause?reason=backup&until=2030-01-02T03:04:05Z", 200,
        "pause view 'feeds' because backup until 2030-01-02 03:04:05Z")]
    [InlineData("views/budget?share=0.25", 200, "budget all views 25 % of the time")]
    [InlineData("views/feeds/budget?rate=500", 200, "budget view 'feeds' 100 % of the time and 500 records a second")]
    public async Task Commands_reach_the_identity(string path, int status, string command)
    {
        await using ServedSite site = await ServedSite.StartAsync();
        HttpResponseMessage response = await site.Client.PostAsync($"/v1/alice/{path}", null);
        Assert.Equal((HttpStatusCode)status, response.StatusCode);
        Assert.Equal([command], site.Alice.Commands);
        JsonElement outcome = (await ReadAsync(response)).GetProperty("views").EnumerateArray().Single();
        Assert.True(outcome.GetProperty("accepted").GetBoolean());
    }

    [Fact]
    public async Task A_refused_command_says_what_the_view_does_instead()
    {
        await using ServedSite site = await ServedSite.StartAsync();
        site.Alice.Outcome = new CommandOutcome([new ViewOutcome("feeds", false, "No rebuild runs.")]);
        JsonElement problem = await ServedSite.ProblemAsync(
            await site.Client.PostAsync("/v1/alice/views/feeds/cancel", null), "command-refused", 409);
        Assert.Contains("No rebuild runs.", problem.GetProperty("detail").GetString());
        Assert.False(problem.GetProperty("views")[0].GetProperty("accepted").GetBoolean());
    }

    [Fact]
    public async Task A_rebuild_from_an_offset_passes_it_on()
    {
        await using ServedSite site = await ServedSite.StartAsync();
        HttpResponseMessage response = await site.Client.PostAsync("/v1/alice/views/feeds/rebuild?from=460", null);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal(["rebuild view 'feeds' from 460"], site.Alice.Commands);
    }

    [Theory]
    [InlineData("views/feeds/budget")]
    [InlineData("views/feeds/budget?share=0")]
    [InlineData("views/feeds/budget?share=1.5")]
    [InlineData("views/feeds/budget?share=half")]
    [InlineData("views/feeds/budget?rate=0")]
    [InlineData("views/feeds/pause?until=tomorrow-ish")]
    [InlineData("views/feeds/rebuild?now=true")]
    [InlineData("views/feeds/rebuild?from=yesterday")]
    public async Task Wrong_parameters_say_what_was_expected(string path)
    {
        await using ServedSite site = await ServedSite.StartAsync();
        JsonElement problem = await ServedSite.ProblemAsync(
            await site.Client.PostAsync($"/v1/alice/{path}", null), "bad-parameter", 400);
        Assert.NotEmpty(problem.GetProperty("expected").GetString()!);
        Assert.Empty(site.Alice.Commands);
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
}
