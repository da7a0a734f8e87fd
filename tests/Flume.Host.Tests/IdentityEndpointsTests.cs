using System.Net;
using System.Net.Http;
using System.Text.Json;
using Flume.Host.Http;
using Flume.TestKit;
using Xunit;

namespace Flume.Host.Tests;

public sealed class IdentityEndpointsTests
{
    [Fact]
    public async Task Identities_are_listed_with_their_logs()
    {
        await using ServedSite site = await ServedSite.StartAsync();
        site.Append("1");
        string body = await site.Client.GetStringAsync("/v1/identities");
        JsonElement alice = JsonDocument.Parse(body).RootElement.GetProperty("identities").EnumerateArray().Single();
        Assert.Equal("alice", alice.GetProperty("name").GetString());
        Assert.Equal(0, alice.GetProperty("head").GetInt64());
        Assert.Equal(13, alice.GetProperty("bytes").GetInt64());
    }

    [Fact]
    public async Task An_identity_is_made_by_posting_its_name()
    {
        await using ServedSite site = await ServedSite.StartAsync();
        HttpResponseMessage response = await site.Client.PostAsync("/v1/identities/bob", null);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("/v1/identities/bob", response.Headers.Location!.OriginalString);
        Assert.True((await site.Client.GetAsync("/v1/identities/bob")).IsSuccessStatusCode);
    }

    [Fact]
    public async Task An_identity_that_is_there_is_not_made_again()
    {
        await using ServedSite site = await ServedSite.StartAsync();
        await ServedSite.ProblemAsync(
            await site.Client.PostAsync("/v1/identities/alice", null), "identity-refused", 409);
    }

    [Fact]
    public async Task An_identity_that_is_not_there_says_which_are()
    {
        await using ServedSite site = await ServedSite.StartAsync();
        JsonElement problem = await ServedSite.ProblemAsync(
            await site.Client.GetAsync("/v1/bob/log"), "no-such-identity", 404);
        Assert.Equal("one of alice", problem.GetProperty("expected").GetString());
    }

    [Theory]
    [InlineData("GET", "/v2/alice/log")]
    [InlineData("DELETE", "/v1/alice/nothing")]
    public async Task A_route_that_is_not_there_says_which_are(string method, string path)
    {
        await using ServedSite site = await ServedSite.StartAsync();
        HttpResponseMessage response = await site.Client.SendAsync(
            new HttpRequestMessage(new HttpMethod(method), path));
        JsonElement problem = await ServedSite.ProblemAsync(response, "no-such-route", 404);
        Assert.Contains("POST /v1/NAME/rpc", problem.GetProperty("expected").GetString());
    }

    [Theory]
    [InlineData("log?limt=1")]
    [InlineData("log?limit=one")]
    [InlineData("log?limit=1&limit=2")]
    [InlineData("log?live=1")]
    [InlineData("log?gt=9007199254740992")]
    [InlineData("views?x")]
    public async Task A_parameter_that_is_not_there_or_wrong_is_never_ignored(string path)
    {
        await using ServedSite site = await ServedSite.StartAsync();
        JsonElement problem = await ServedSite.ProblemAsync(
            await site.Client.GetAsync($"/v1/alice/{path}"), "bad-parameter", 400);
        Assert.NotEmpty(problem.GetProperty("expected").GetString()!);
    }

    [Fact]
    public async Task A_server_is_live_and_ready()
    {
        await using ServedSite site = await ServedSite.StartAsync();
        Assert.Contains("live", await site.Client.GetStringAsync("/health/live"));
        Assert.Contains("ready", await site.Client.GetStringAsync("/health/ready"));
        site.Alice.Failure = new IOException("the disk is gone");
        Assert.False((await site.Client.GetAsync("/health/ready")).IsSuccessStatusCode);
        Assert.True((await site.Client.GetAsync("/health/live")).IsSuccessStatusCode);
    }

    [Fact]
    public async Task Every_kind_of_problem_is_explained_under_its_address()
    {
        await using ServedSite site = await ServedSite.StartAsync();
        foreach (ProblemType type in ProblemTypes.All)
        {
            JsonElement answer = JsonDocument.Parse(await site.Client.GetStringAsync(type.Address)).RootElement;
            Assert.Equal(type.Title, answer.GetProperty("title").GetString());
        }

        await ServedSite.ProblemAsync(await site.Client.GetAsync("/problems/nope"), "no-such-route", 404);
    }
}
