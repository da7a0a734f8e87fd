using System.Net;
using System.Net.Http;
using System.Text;
using Flume.TestKit;
using Xunit;

namespace Flume.Host.Tests;

public sealed class RequestRulesTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/v1/identities")]
    [InlineData("/v1/alice/log?limit=1")]
    [InlineData("/v1/alice/log?live=true")]
    [InlineData("/v1/alice/views")]
    [InlineData("/v1/events")]
    [InlineData("/v1/nobody/log")]
    [InlineData("/nowhere")]
    public async Task HEAD_answers_as_GET_does_without_a_body_and_holds_no_stream(string path)
    {
        await using ServedSite site = await ServedSite.StartAsync();
        site.Append("{\"a\":1}");
        using HttpResponseMessage get = await site.Client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
        using HttpRequestMessage request = new(HttpMethod.Head, path);
        using HttpResponseMessage head = await site.Client.SendAsync(request);
        Assert.Equal(get.StatusCode, head.StatusCode);
        Assert.Equal(get.Content.Headers.ContentType?.MediaType, head.Content.Headers.ContentType?.MediaType);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        get.Dispose();
        await Until.TrueAsync(() => site.ServerContext.Streams.Taken == 0, "no stream is held");
    }

    [Theory]
    [InlineData("PUT", "/health/live", "GET, HEAD")]
    [InlineData("DELETE", "/v1/alice/log", "GET, POST, HEAD")]
    [InlineData("GET", "/v1/alice/rpc", "POST")]
    public async Task Another_method_of_a_known_address_is_refused_with_those_there_are(
        string method, string path, string allowed)
    {
        await using ServedSite site = await ServedSite.StartAsync();
        using HttpRequestMessage request = new(HttpMethod.Parse(method), path);
        using HttpResponseMessage refused = await site.Client.SendAsync(request);
        await ServedSite.ProblemAsync(refused, "wrong-method", 405);
        Assert.Equal(allowed, string.Join(", ", refused.Content.Headers.Allow));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("zstd")]
    public async Task An_encoded_body_is_refused_and_not_stored(string encoding)
    {
        await using ServedSite site = await ServedSite.StartAsync();
        foreach (string path in new[] { "/v1/alice/log", "/v1/alice/rpc", "/v1/alice/views/mine" })
        {
            using ByteArrayContent body = new(Encoding.UTF8.GetBytes("{\"a\":1}"));
            body.Headers.ContentEncoding.Add(encoding);
            using HttpResponseMessage refused = await site.Client.PostAsync(path, body);
            await ServedSite.ProblemAsync(refused, "bad-encoding", 415);
            Assert.Equal("identity", refused.Headers.GetValues("Accept-Encoding").Single());
        }

        Assert.Equal("", await site.Client.GetStringAsync("/v1/alice/log"));
    }

    [Theory]
    [InlineData("/v1/identities")]
    [InlineData("/v1/alice/log")]
    [InlineData("/v1/nobody/log")]
    [InlineData("/health/live")]
    [InlineData("/nowhere")]
    public async Task Every_answer_keeps_its_type_and_is_not_embedded_by_other_origins(string path)
    {
        await using ServedSite site = await ServedSite.StartAsync();
        using HttpResponseMessage answer = await site.Client.GetAsync(path);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("same-origin", answer.Headers.GetValues("Cross-Origin-Resource-Policy").Single());
    }

    [Theory]
    [InlineData("/v1/alice/log?live=true", "cross-site", "no-cors", "image", false)]
    [InlineData("/v1/events", "same-site", "no-cors", "script", false)]
    [InlineData("/v1/events", "cross-site", "navigate", "document", false)]
    [InlineData("/", "cross-site", "navigate", "iframe", false)]
    [InlineData("/", "cross-site", "navigate", "document", true)]
    [InlineData("/v1/identities", "same-origin", "cors", "empty", true)]
    [InlineData("/v1/identities", "none", "navigate", "document", true)]
    public async Task A_page_of_another_site_opens_no_stream_by_a_plain_GET(
        string path, string site, string mode, string dest, bool isAllowed)
    {
        await using ServedSite served = await ServedSite.StartAsync();
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        request.Headers.Add("Sec-Fetch-Site", site);
        request.Headers.Add("Sec-Fetch-Mode", mode);
        request.Headers.Add("Sec-Fetch-Dest", dest);
        using HttpResponseMessage answer = await served.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(isAllowed ? HttpStatusCode.OK : HttpStatusCode.Forbidden, answer.StatusCode);
    }
}
