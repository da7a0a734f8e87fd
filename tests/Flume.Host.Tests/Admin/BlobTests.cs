using System.Net.Http;
using System.Text;
using Flume.Ssb.Blobs;
using Flume.TestKit;

namespace Flume.Host.Tests.Admin;

public sealed class BlobTests
{
    private static readonly byte[] Png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3, 4, 5, 6];

    [Fact]
    public async Task An_image_is_served_as_one()
    {
        await using ServedSite site = await ServedSite.StartAsync();
        string id = await AddAsync(site, Png);
        using HttpResponseMessage answer = await site.Client.GetAsync($"/v1/alice/blobs/{Uri.EscapeDataString(id)}");
        Assert.Equal("image/png", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(Png, await answer.Content.ReadAsByteArrayAsync());
        Assert.Contains("immutable", answer.Headers.CacheControl!.ToString());
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>")]
    [InlineData("<!doctype html><body>")]
    [InlineData("")]
    public async Task Anything_else_is_bytes_to_download_and_never_a_page(string content)
    {
        await using ServedSite site = await ServedSite.StartAsync();
        string id = await AddAsync(site, Encoding.UTF8.GetBytes(content));
        using HttpResponseMessage answer = await site.Client.GetAsync($"/v1/alice/blobs/{Uri.EscapeDataString(id)}");
        Assert.Equal("application/octet-stream", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition?.DispositionType);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Contains("sandbox", answer.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal(content, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_blob_that_is_not_here_is_not_found_and_what_is_no_id_is_said_to_be_none()
    {
        await using ServedSite site = await ServedSite.StartAsync();
        string id = $"&{Convert.ToBase64String(new byte[32])}.sha256";
        await ServedSite.ProblemAsync(
            await site.Client.GetAsync($"/v1/alice/blobs/{Uri.EscapeDataString(id)}"), "not-found", 404);
        await ServedSite.ProblemAsync(await site.Client.GetAsync("/v1/alice/blobs/..%2F..%2Fsecret"), "bad-parameter", 400);
    }

    [Theory]
    [InlineData("bytes=0-4", 206, "hello", "bytes 0-4/13")]
    [InlineData("bytes=6-", 206, "ranges!", "bytes 6-12/13")]
    [InlineData("bytes=-3", 206, "es!", "bytes 10-12/13")]
    [InlineData("bytes=5-9999", 206, " ranges!", "bytes 5-12/13")]
    [InlineData("bytes=13-", 416, "", "bytes */13")]
    [InlineData("bytes=0-1,3-4", 200, "hello ranges!", null)]
    [InlineData("lines=0-4", 200, "hello ranges!", null)]
    public async Task A_range_of_a_blob_is_sent_alone(string range, int status, string content, string? where)
    {
        await using ServedSite site = await ServedSite.StartAsync();
        string id = await AddAsync(site, Encoding.UTF8.GetBytes("hello ranges!"));
        using HttpRequestMessage request = new(HttpMethod.Get, $"/v1/alice/blobs/{Uri.EscapeDataString(id)}");
        request.Headers.TryAddWithoutValidation("Range", range);
        using HttpResponseMessage answer = await site.Client.SendAsync(request);
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(content, await answer.Content.ReadAsStringAsync());
        Assert.Equal(where, answer.Content.Headers.ContentRange?.ToString());
        Assert.Equal("bytes", answer.Headers.AcceptRanges.Single());
    }

    [Fact]
    public async Task A_blob_that_the_client_has_is_not_sent_again_and_HEAD_tells_its_length()
    {
        await using ServedSite site = await ServedSite.StartAsync();
        string path = $"/v1/alice/blobs/{Uri.EscapeDataString(await AddAsync(site, Png))}";
        using HttpRequestMessage head = new(HttpMethod.Head, path);
        using HttpResponseMessage headers = await site.Client.SendAsync(head);
        Assert.Equal((200, (long?)Png.Length), ((int)headers.StatusCode, headers.Content.Headers.ContentLength));
        using HttpRequestMessage again = new(HttpMethod.Get, path);
        again.Headers.IfNoneMatch.Add(headers.Headers.ETag!);
        using HttpResponseMessage known = await site.Client.SendAsync(again);
        Assert.Equal(304, (int)known.StatusCode);
        Assert.Empty(await known.Content.ReadAsByteArrayAsync());
    }

    private static async Task<string> AddAsync(ServedSite site, byte[] bytes)
    {
        async IAsyncEnumerable<ReadOnlyMemory<byte>> Pieces()
        {
            await Task.CompletedTask;
            if (bytes.Length > 0) yield return bytes;
        }

        BlobMeta meta = await BlobStores.Of(site.Alice).AddAsync(Pieces(), null, default);
        return meta.Id;
    }
}
