using System.Net.Http;
using System.Text.Json;
using Flume.Host.Http;
using Flume.Query.Json;
using Flume.Ssb.Api;
using Flume.TestKit;
using Xunit;

namespace Flume.Host.Tests;

public sealed class LimitsTests
{
    [Fact]
    public async Task A_body_beyond_the_limit_names_the_key()
    {
        await using ServedSite site = await ServedSite.StartAsync(ServedSite.Limits with { BodyBytesMax = 100 });
        string body = string.Concat(Enumerable.Repeat("1\n", 60));
        JsonElement problem = await ServedSite.ProblemAsync(
            await site.PostAsync("/v1/alice/log", body), "body-too-large", 413);
        Assert.Equal("flume.http.body-bytes-max", problem.GetProperty("key").GetString());
        Assert.Equal(100, problem.GetProperty("limit").GetInt64());
    }

    [Theory]
    [InlineData("1\n\"0123456789\"\n2")]
    [InlineData("1\n\"0123456789")]
    [InlineData("1\n\"0123456789\"")]
    public async Task A_line_beyond_the_limit_is_refused_wherever_it_ends(string body)
    {
        await using ServedSite site = await ServedSite.StartAsync(ServedSite.Limits with { LineBytesMax = 10 });
        JsonElement problem = await ServedSite.ProblemAsync(
            await site.PostAsync("/v1/alice/log", body), "line-too-long", 413);
        Assert.Equal("flume.http.line-bytes-max", problem.GetProperty("key").GetString());
        Assert.Contains("Line 2", problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task A_call_beyond_the_limit_is_refused()
    {
        await using ServedSite site = await ServedSite.StartAsync(ServedSite.Limits with { LineBytesMax = 30 });
        string body = $$"""{"name":["x"],"args":["{{new string('x', 40)}}"]}""";
        await ServedSite.ProblemAsync(
            await site.PostAsync("/v1/alice/rpc", body, "application/json"), "line-too-long", 413);
    }

    [Fact]
    public async Task More_records_than_the_limit_are_refused_and_those_before_are_told()
    {
        await using ServedSite site = await ServedSite.StartAsync(
            ServedSite.Limits with { AppendRecordsMax = 2, AppendBatchBytes = 1 });
        JsonElement problem = await ServedSite.ProblemAsync(
            await site.PostAsync("/v1/alice/log", "1\n2\n3"), "too-many-records", 413);
        Assert.Equal("flume.http.append-records-max", problem.GetProperty("key").GetString());
        Assert.Equal(2, problem.GetProperty("appended").GetArrayLength());
    }

    [Fact]
    public async Task A_stream_beyond_the_limit_is_refused_until_another_one_closes()
    {
        await using ServedSite site = await ServedSite.StartAsync(ServedSite.Limits with { StreamsMax = 1 });
        HttpResponseMessage open = await site.Client.GetAsync(
            "/v1/alice/log?live=true", HttpCompletionOption.ResponseHeadersRead);

        HttpResponseMessage refused = await site.Client.GetAsync("/v1/alice/log");

        JsonElement problem = await ServedSite.ProblemAsync(refused, "too-many-streams", 503);
        Assert.Equal("flume.http.streams-max", problem.GetProperty("key").GetString());
        Assert.NotNull(refused.Headers.RetryAfter);
        open.Dispose();
        await Until.TrueAsync(() => site.ServerContext.Streams.Taken == 0, "the slot is free");
        Assert.True((await site.Client.GetAsync("/v1/alice/log")).IsSuccessStatusCode);
    }

    [Fact]
    public async Task A_call_beyond_the_limit_of_waiting_ones_is_refused()
    {
        TaskCompletionSource<JsValue> gate = new();
        ApiMethod slow = ApiMethod.Async(
            "slow", Scope.Read, null, "Waits.", async call => await gate.Task.WaitAsync(call.Cancelled));
        await using ServedSite site = await ServedSite.StartAsync(ServedSite.Limits with { ReadsMax = 1 }, slow);
        Task<HttpResponseMessage> first = site.PostAsync("/v1/alice/rpc", """{"name":["slow"]}""", "application/json");
        await Until.TrueAsync(() => site.ServerContext.Reads.Taken == 1, "the first call waits");

        HttpResponseMessage second = await site.PostAsync("/v1/alice/rpc", """{"name":["slow"]}""", "application/json");

        JsonElement problem = await ServedSite.ProblemAsync(second, "too-many-reads", 503);
        Assert.Equal("flume.http.reads-max", problem.GetProperty("key").GetString());
        gate.SetResult(JsValue.True);
        Assert.Equal("true", (await (await first).Content.ReadAsStringAsync()).Trim());
    }

    [Fact]
    public void Slots_are_given_back_once_however_often_the_lease_is_disposed()
    {
        ConcurrencyLimiter slots = new(2);
        IDisposable first = slots.TryTake()!;
        Assert.NotNull(slots.TryTake());
        Assert.Null(slots.TryTake());

        first.Dispose();
        first.Dispose();

        Assert.Equal(1, slots.Taken);
        Assert.NotNull(slots.TryTake());
        Assert.Null(slots.TryTake());
    }
}
