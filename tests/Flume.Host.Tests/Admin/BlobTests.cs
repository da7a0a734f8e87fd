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
