using Flume.Host.Http;
using Flume.Ssb.Api;
using Flume.Ssb.Blobs;
using Flume.Ssb.Messages;

namespace Flume.Host.Admin;

/// <summary>An identity's blobs over HTTP: images as images, everything else as bytes to download.</summary>
internal sealed class BlobEndpoint(ServerContext site)
{
    /// <summary>Adds the route.</summary>
    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/{name}/blobs/{**id}", SendAsync);

    private async Task SendAsync(HttpContext context)
    {
        QueryParameters.Of(context);
        IIdentity identity = await site.IdentityAsync(context).ConfigureAwait(false);
        string id = Id(context);
        using IDisposable slot = site.TakeStream();
        Stream file = BlobStores.Of(identity).Open(id) ??
            throw new ProblemException(ProblemTypes.NotFound, $"The blob {id} is not here.");
        await using (file.ConfigureAwait(false))
        {
            CancellationToken gone = context.RequestAborted;
            byte[] head = new byte[ImageKind.HeadBytes];
            int read = await file.ReadAtLeastAsync(head, head.Length, false, gone).ConfigureAwait(false);
            SetHeaders(context.Response, id, ImageKind.Of(head.AsSpan(0, read)));
            if (file.CanSeek) context.Response.ContentLength = file.Length;
            await context.Response.Body.WriteAsync(head.AsMemory(0, read), gone).ConfigureAwait(false);
            await file.CopyToAsync(context.Response.Body, gone).ConfigureAwait(false);
        }
    }

    /// <summary>The blob id, with or without its leading &amp;, which an address would have to escape.</summary>
    private static string Id(HttpContext context)
    {
        string typed = Uri.UnescapeDataString((string)context.Request.RouteValues["id"]!);
        string id = typed.StartsWith('&') ? typed : $"&{typed}";
        if (Ref.IsBlob(id)) return id;
        throw new ProblemException(ProblemTypes.BadParameter, $"'{typed}' is no blob id.")
        {
            Expected = "the id of a blob, such as &…=.sha256, escaped as an address needs it",
        };
    }

    private static void SetHeaders(HttpResponse response, string id, string? image)
    {
        response.ContentType = image ?? "application/octet-stream";
        IHeaderDictionary headers = response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        headers.ContentDisposition = image is null ? "attachment" : "inline";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";

        // The content of a hash never changes, but the right to read it does: only this browser caches it.
        headers.CacheControl = "private, max-age=31536000, immutable";
        headers.ETag = $"\"{id[1..]}\"";
    }
}
