using System.Net;
using System.Net.Http;
using System.Text;
using System.Text.Json;
using Flume.Host.Http;
using Flume.Log;
using Flume.Ssb.Api;
using Flume.TestKit;
using Xunit;

namespace Flume.Host.Tests;

public sealed class LogEndpointsTests
{
    [Fact]
    public async Task A_log_reads_as_json_lines_with_the_head_in_a_header()
    {
        await using ServedSite site = await ServedSite.StartAsync();
        site.Append("""{"a":1}""", """[2]""");

        HttpResponseMessage response = await site.Client.GetAsync("/v1/alice/log");

        Assert.Equal("application/x-ndjson", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("19", response.Headers.GetValues("Flume-Since").Single());
        Assert.Equal(
            """
            {"offset":0,"value":{"a":1}}
            {"offset":19,"value":[2]}

            """, await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("gt=0", "19,34")]
    [InlineData("gte=19&lt=34", "19")]
    [InlineData("lte=19", "0,19")]
    [InlineData("reverse=true", "34,19,0")]
    [InlineData("reverse=true&limit=1", "34")]
    [InlineData("limit=2", "0,19")]
    public async Task A_range_is_asked_for_by_parameters(string query, string offsets)
    {
        await using ServedSite site = await ServedSite.StartAsync();
        site.Append("""{"a":1}""", """[2]""", """3""");

        string body = await site.Client.GetStringAsync($"/v1/alice/log?{query}");

        Assert.Equal(offsets, string.Join(',', Lines(body).Select(line => line.GetProperty("offset").GetInt64())));
    }

    [Fact]
    public async Task A_range_that_begins_inside_a_record_is_refused()
    {
        await using ServedSite site = await ServedSite.StartAsync();
        site.Append("""{"a":1}""", """[2]""");
        await ServedSite.ProblemAsync(await site.Client.GetAsync("/v1/alice/log?gte=7"), "bad-parameter", 400);
    }

    [Fact]
    public async Task A_payload_with_line_breaks_stays_one_line_and_one_that_is_no_json_comes_as_base64()
    {
        await using ServedSite site = await ServedSite.StartAsync();
        site.Append("{\n  \"a\": \"b\\n\"\r\n}", "no json");

        JsonElement[] lines = Lines(await site.Client.GetStringAsync("/v1/alice/log"));

        Assert.Equal("b\n", lines[0].GetProperty("value").GetProperty("a").GetString());
        Assert.Equal("no json", Encoding.UTF8.GetString(lines[1].GetProperty("base64").GetBytesFromBase64()));
    }

    [Fact]
    public async Task A_live_log_sends_each_record_as_it_is_appended_until_the_client_goes()
    {
        await using ServedSite site = await ServedSite.StartAsync();
        site.Append("1");
        using HttpResponseMessage response = await site.Client.GetAsync(
            "/v1/alice/log?live=true", HttpCompletionOption.ResponseHeadersRead);
        using StreamReader lines = new(await response.Content.ReadAsStreamAsync());
        Assert.Equal("""{"offset":0,"value":1}""", await lines.ReadLineAsync());

        site.Append("2");

        Assert.Equal("""{"offset":13,"value":2}""", await lines.ReadLineAsync());
        Assert.Equal(1, site.ServerContext.Streams.Taken);
        response.Dispose();
        await Until.TrueAsync(() => site.ServerContext.Streams.Taken == 0, "the stream's slot is given back");
    }

    [Fact]
    public async Task A_live_log_with_nothing_to_send_sends_its_headers_at_once()
    {
        await using ServedSite site = await ServedSite.StartAsync();
        using HttpResponseMessage response = await site.Client.GetAsync(
            "/v1/alice/log?live=true&old=false", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("-1", response.Headers.GetValues("Flume-Since").Single());
    }

    [Fact]
    public async Task Json_lines_append_a_record_each_and_answer_their_offsets()
    {
        await using ServedSite site = await ServedSite.StartAsync();

        HttpResponseMessage response = await site.PostAsync("/v1/alice/log", "{\"a\":1}\n\n  [2]  \r\n3");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(
            """{"offsets":[0,19,34],"head":34,"durability":"fsync"}""",
            (await response.Content.ReadAsStringAsync()).TrimEnd());
        Assert.Equal("3", Encoding.UTF8.GetString(site.Alice.Log.Get(site.Alice.Log.Head).Payload.Span));
    }

    [Fact]
    public async Task One_json_value_may_be_laid_out_over_many_lines()
    {
        await using ServedSite site = await ServedSite.StartAsync();
        HttpResponseMessage response = await site.PostAsync(
            "/v1/alice/log", "{\n \"a\": 1\n}", "application/json; charset=utf-8");
        Assert.StartsWith("""{"offsets":[0],""", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("", Durability.Fsync)]
    [InlineData("?durability=os", Durability.Os)]
    [InlineData("?durability=memory", Durability.Memory)]
    public async Task The_durability_is_fsync_unless_the_caller_says_otherwise(string query, Durability durability)
    {
        await using ServedSite site = await ServedSite.StartAsync();
        await site.PostAsync($"/v1/alice/log{query}", "1");
        Assert.Equal([durability], site.Alice.Durabilities);
    }

    [Fact]
    public async Task A_wrong_line_says_which_and_what_was_appended_before_it()
    {
        await using ServedSite site = await ServedSite.StartAsync(ServedSite.Limits with { AppendBatchBytes = 1 });

        JsonElement problem = await ServedSite.ProblemAsync(
            await site.PostAsync("/v1/alice/log", "1\n2\n{oops}\n4"), "bad-body", 400);

        Assert.Contains("Line 3", problem.GetProperty("detail").GetString());
        Assert.Equal([0, 13], problem.GetProperty("appended").EnumerateArray().Select(offset => offset.GetInt64()));
    }

    [Theory]
    [InlineData("\n \n")]
    [InlineData("")]
    public async Task An_empty_body_is_refused(string body)
    {
        await using ServedSite site = await ServedSite.StartAsync();
        await ServedSite.ProblemAsync(await site.PostAsync("/v1/alice/log", body), "bad-body", 400);
    }

    [Fact]
    public async Task A_text_that_is_no_utf8_is_refused()
    {
        await using ServedSite site = await ServedSite.StartAsync();
        ByteArrayContent body = new([(byte)'"', 0xff, (byte)'"']);
        await ServedSite.ProblemAsync(await site.Client.PostAsync("/v1/alice/log", body), "bad-body", 400);
        Assert.False(site.Alice.Log.Head.IsSome);
    }

    [Fact]
    public async Task An_append_that_expects_a_head_is_written_only_behind_it_and_a_refusal_names_the_head()
    {
        await using ServedSite site = await ServedSite.StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await site.PostAsync("/v1/alice/log?expectedHead=-1", "1\n2")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await site.PostAsync("/v1/alice/log?expectedHead=13", "3", "application/json")).StatusCode);

        foreach (string expected in (string[])["-1", "13", "27"])
        {
            JsonElement problem = await ServedSite.ProblemAsync(
                await site.PostAsync($"/v1/alice/log?expectedHead={expected}", "4"), "head-moved", 409);
            Assert.Equal(26, problem.GetProperty("head").GetInt64());
        }

        Assert.Equal(new Offset(26), site.Alice.Log.Head);
    }

    [Fact]
    public async Task Records_that_expect_a_head_are_one_append_however_the_body_arrives_or_none_is_written()
    {
        await using ServedSite site = await ServedSite.StartAsync(ServedSite.Limits with { AppendBatchBytes = 4 });
        Assert.Equal(HttpStatusCode.OK, (await site.PostAsync("/v1/alice/log?expectedHead=-1", "1\n2\n3\n4\n")).StatusCode);
        Assert.Equal(1, site.Alice.AppendsBegun);

        JsonElement large = await ServedSite.ProblemAsync(
            await site.PostAsync("/v1/alice/log?expectedHead=39", "5\n6\n7\n8\n9"), "body-too-large", 413);
        Assert.Equal("flume.http.append-batch-bytes", large.GetProperty("key").GetString());
        await ServedSite.ProblemAsync(await site.PostAsync("/v1/alice/log?expectedHead=39", "5\n{oops}"), "bad-body", 400);
        Assert.Equal(new Offset(39), site.Alice.Log.Head);
    }

    public static TheoryData<Exception, string, int> Refusals() => new()
    {
        { new AppendRejectedException(AppendRejection.Busy, "full"), "append-busy", 503 },
        { new AppendRejectedException(AppendRejection.TooLarge, "large"), "append-too-large", 413 },
        { new AppendRejectedException(AppendRejection.ReadOnly, "read-only"), "log-read-only", 503 },
        { new AppendRejectedException(AppendRejection.HeadMoved, "moved"), "head-moved", 409 },
        { new AppendRejectedException(AppendRejection.Stopping, "stopping"), "stopping", 503 },
        { new AppendFailedException("disk", null), "append-unknown", 500 },
        { new InvalidOperationException("bug"), "unexpected", 500 },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task A_refused_append_says_whether_anything_was_written(Exception refusal, string type, int status)
    {
        await using ServedSite site = await ServedSite.StartAsync();
        site.Alice.Failure = refusal;
        HttpResponseMessage response = await site.PostAsync("/v1/alice/log", "1");
        JsonElement problem = await ServedSite.ProblemAsync(response, type, status);
        Assert.Contains(refusal.Message, problem.GetProperty("detail").GetString());
    }

    internal static JsonElement[] Lines(string body) =>
        [.. body.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)];
}
