using System.Net;
using System.Net.Http;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Flume.Query.Json;
using Flume.Ssb.Api;
using Flume.TestKit;
using Xunit;

namespace Flume.Host.Tests;

public sealed class RpcEndpointsTests
{
    private static readonly ApiMethod Echo = ApiMethod.Sync("echo", Scope.Read, null, "Its argument.", call => call.Arg(0));

    private static readonly ApiMethod Get = ApiMethod.Async(
        "get", Scope.Read, "hashmap", "Its argument's id.", call => new(call.Arg(0)["id"]));

    private static readonly ApiMethod Fresh = ApiMethod.Sync(
        "fresh", Scope.Read, null, "How fresh it was asked to be.", call => JsValue.From(call.Freshness.ToString()));

    [Theory]
    [InlineData("""["echo"]""")]
    [InlineData("\"echo\"")]
    public async Task A_call_answers_json_copied_as_it_stood(string name)
    {
        await using ServedSite site = await ServedSite.StartAsync(null, Echo);
        HttpResponseMessage response = await CallAsync(site, $$"""{"name":{{name}},"args":[{"a": 1.50}]}""");
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("-1", response.Headers.GetValues("Flume-Since").Single());
        Assert.Equal("""{"a": 1.50}""" + "\n", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Undefined_is_an_answer_without_content()
    {
        await using ServedSite site = await ServedSite.StartAsync(null, Echo);
        Assert.Equal(HttpStatusCode.NoContent, (await CallAsync(site, """{"name":["echo"]}""")).StatusCode);
    }

    [Theory]
    [InlineData("", "fresh")]
    [InlineData("?atLeast=12", "at least 12")]
    [InlineData("?wait=false", "no wait")]
    [InlineData("?atLeast=-1", "no wait")]
    public async Task The_caller_says_how_fresh_the_answer_must_be(string query, string freshness)
    {
        await using ServedSite site = await ServedSite.StartAsync(null, Fresh);
        HttpResponseMessage response = await CallAsync(site, """{"name":["fresh"]}""", query);
        Assert.Equal($"\"{freshness}\"\n", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("{", "bad-body", 400)]
    [InlineData("""{"args":[]}""", "bad-body", 400)]
    [InlineData("""{"name":[]}""", "bad-body", 400)]
    [InlineData("""{"name":[1]}""", "bad-body", 400)]
    [InlineData("""{"name":["echo"],"args":{}}""", "bad-body", 400)]
    [InlineData("""{"name":["nope"]}""", "no-such-method", 404)]
    public async Task A_wrong_call_says_what_was_expected(string body, string type, int status)
    {
        await using ServedSite site = await ServedSite.StartAsync(null, Echo);
        JsonElement problem = await ServedSite.ProblemAsync(await CallAsync(site, body), type, status);
        Assert.NotEmpty(problem.GetProperty("expected").GetString()!);
    }

    [Theory]
    [InlineData("TypeError", "bad-parameter", 400)]
    [InlineData("NotFoundError", "not-found", 404)]
    [InlineData("Error", "call-failed", 422)]
    public async Task A_method_that_fails_answers_its_name_and_message(string name, string type, int status)
    {
        ApiMethod fails = ApiMethod.Sync("fails", Scope.Read, null, "Fails.", _ => throw new ApiException(name, "what went wrong"));
        await using ServedSite site = await ServedSite.StartAsync(null, fails);
        JsonElement problem = await ServedSite.ProblemAsync(
            await CallAsync(site, """{"name":["fails"]}"""), type, status);
        Assert.Equal(name, problem.GetProperty("name").GetString());
        Assert.Equal("what went wrong", problem.GetProperty("detail").GetString());
    }

    public static TheoryData<ReadRejection, string, int> Reads() => new()
    {
        { ReadRejection.NoSuchView, "no-such-view", 404 },
        { ReadRejection.Busy, "too-many-reads", 503 },
        { ReadRejection.DeadlinePassed, "read-deadline", 504 },
        { ReadRejection.Standing, "view-standing", 409 },
        { ReadRejection.BeyondHead, "beyond-head", 400 },
        { ReadRejection.Stopping, "stopping", 503 },
    };

    [Theory]
    [MemberData(nameof(Reads))]
    public async Task A_refused_read_says_why_also_before_a_stream(ReadRejection rejection, string type, int status)
    {
        ApiMethod source = ApiMethod.Source("source", Scope.Read, "feeds", "Refused.", call => Refused(rejection, call.Cancelled));
        await using ServedSite site = await ServedSite.StartAsync(null, source);
        JsonElement problem = await ServedSite.ProblemAsync(
            await CallAsync(site, """{"name":["source"]}"""), type, status);
        Assert.Equal("why", problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task A_source_answers_json_lines()
    {
        ApiMethod count = ApiMethod.Source(
            "count", Scope.Read, null, "Counts.", call => Count((int)call.Arg(0).AsNumber, call.Cancelled));
        await using ServedSite site = await ServedSite.StartAsync(null, count);

        HttpResponseMessage response = await CallAsync(site, """{"name":["count"],"args":[10000]}""");

        Assert.Equal("application/x-ndjson", response.Content.Headers.ContentType!.MediaType);
        string[] lines = (await response.Content.ReadAsStringAsync()).Split('\n');
        Assert.Equal(10_001, lines.Length);
        Assert.Equal("9999", lines[^2]);
    }

    [Fact]
    public async Task A_source_that_fails_in_its_midst_ends_with_the_problem_and_a_cut_connection()
    {
        ApiMethod breaks = ApiMethod.Source("breaks", Scope.Read, null, "Breaks.", _ => Breaks());
        await using ServedSite site = await ServedSite.StartAsync(null, breaks);
        using HttpRequestMessage request = new(HttpMethod.Post, "/v1/alice/rpc")
        {
            Content = new StringContent("""{"name":["breaks"]}"""),
        };
        using HttpResponseMessage response = await site.Client.SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead);
        using StreamReader lines = new(await response.Content.ReadAsStreamAsync());

        Assert.Equal("1", await lines.ReadLineAsync());
        JsonElement last = JsonDocument.Parse((await lines.ReadLineAsync())!).RootElement.GetProperty("$error");
        Assert.Equal("half-way", last.GetProperty("detail").GetString());
        await Assert.ThrowsAnyAsync<IOException>(() => lines.ReadLineAsync());
    }

    [Fact]
    public async Task A_client_that_goes_ends_the_source()
    {
        TaskCompletionSource ended = new();
        ApiMethod endless = ApiMethod.Source("endless", Scope.Read, null, "Waits.", call => Endless(ended, call.Cancelled));
        await using ServedSite site = await ServedSite.StartAsync(null, endless);
        using HttpRequestMessage request = new(HttpMethod.Post, "/v1/alice/rpc")
        {
            Content = new StringContent("""{"name":["endless"]}"""),
        };
        HttpResponseMessage response = await site.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        response.Dispose();

        await ended.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_sink_takes_the_lines_after_the_call()
    {
        ApiMethod sink = ApiMethod.Sink("sum", Scope.Append, null, "Sums.", async (_, items) =>
        {
            double sum = 0;
            await foreach (JsValue item in items) sum += item.AsNumber;
            return JsValue.From(sum);
        });
        await using ServedSite site = await ServedSite.StartAsync(null, sink);
        HttpResponseMessage response = await site.PostAsync("/v1/alice/rpc", "{\"name\":[\"sum\"]}\n1\n2\n3\n");
        Assert.Equal("6\n", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("%25aB%2Fc%2BdE%3D.sha256", "%aB/c+dE=.sha256")]
    [InlineData("%25aB/c+dE=.sha256", "%aB/c+dE=.sha256")]
    public async Task A_message_is_had_by_its_key_however_it_is_encoded(string path, string key)
    {
        await using ServedSite site = await ServedSite.StartAsync(null, Get);
        Assert.Equal($"\"{key}\"\n", await site.Client.GetStringAsync($"/v1/alice/messages/{path}?wait=false"));
    }

    [Fact]
    public async Task A_message_asked_for_by_something_else_says_how_keys_look()
    {
        await using ServedSite site = await ServedSite.StartAsync(null, Get);
        await ServedSite.ProblemAsync(await site.Client.GetAsync("/v1/alice/messages/hello"), "bad-parameter", 400);
    }

    private static Task<HttpResponseMessage> CallAsync(ServedSite site, string body, string query = "") =>
        site.PostAsync($"/v1/alice/rpc{query}", body, "application/json");

    private static async IAsyncEnumerable<JsValue> Refused(
        ReadRejection rejection, [EnumeratorCancellation] CancellationToken cancel)
    {
        await Task.Yield();
        cancel.ThrowIfCancellationRequested();
        if (rejection >= 0) throw new ReadRejectedException(rejection, "why");
        yield break;
    }

    private static async IAsyncEnumerable<JsValue> Count(int to, [EnumeratorCancellation] CancellationToken cancel)
    {
        for (int i = 0; i < to; i++)
        {
            if (i % 100 == 0) await Task.Yield();
            cancel.ThrowIfCancellationRequested();
            yield return JsValue.From(i);
        }
    }

    private static async IAsyncEnumerable<JsValue> Breaks()
    {
        await Task.Yield();
        yield return JsValue.From(1);
        throw ApiException.Error("half-way");
    }

    private static async IAsyncEnumerable<JsValue> Endless(
        TaskCompletionSource ended, [EnumeratorCancellation] CancellationToken cancel)
    {
        try
        {
            await Task.Delay(Timeout.Infinite, cancel);
        }
        finally
        {
            ended.SetResult();
        }

        yield return JsValue.Null;
    }
}
