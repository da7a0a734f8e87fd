using Flume.Host.Http;
using Flume.Ssb.Api;
using Flume.Ssb.Blobs;
using Flume.Ssb.Messages;

namespace Flume.Host.Admin;

/// <summary>An identity's blobs over HTTP: images as images, everything else as bytes to download.</summary>
internal sealed class BlobEndpoint(ServerContext site)
{
    private const int CopyBytes = 64 * 1024;

    /// <summary>Adds the route.</summary>
    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/{name}/blobs/{**id}", SendAsync);

    private async Task SendAsync(HttpContext context)
    {
        QueryParameters.Of(context);
        IIdentity identity = await site.IdentityAsync(context).ConfigureAwait(false);
        string id = Id(context);
        using IDisposable slot = site.TakeStream(context);
        Stream file = BlobStores.Of(identity).Open(id) ??
            throw new ProblemException(ProblemTypes.NotFound, $"The blob {id} is not here.");
        await using (file.ConfigureAwait(false))
        {
            byte[] head = new byte[ImageKind.HeadBytes];
            int read = await file.ReadAtLeastAsync(
                head, head.Length, false, context.RequestAborted).ConfigureAwait(false);
            SetHeaders(context.Response, id, ImageKind.Of(head.AsSpan(0, read)));
            await SendAsync(context, file).ConfigureAwait(false);
        }
    }

    /// <summary>Answers the conditions and the range of the request (RFC 9110, 13 and 14).</summary>
    private static async Task SendAsync(HttpContext context, Stream file)
    {
        long length = file.CanSeek ? file.Length : 0;
        HttpResponse response = context.Response;
        response.Headers.AcceptRanges = "bytes";
        if (EntityTags.IsKnown(context.Request.Headers.IfNoneMatch, response.Headers.ETag.ToString()))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            response.ContentType = null;
            return;
        }

        ByteRange range = ByteRange.Of(context.Request.Headers, response.Headers.ETag.ToString(), length);
        if (range.IsUnsatisfiable)
        {
            response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
            response.Headers.ContentRange = $"bytes */{length}";
            return;
        }

        if (range.IsPart)
        {
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = $"bytes {range.First}-{range.First + range.Bytes - 1}/{length}";
        }

        response.ContentLength = range.Bytes;
        if (RequestRules.IsHead(context) || range.Bytes == 0) return;
        file.Position = range.First;
        await CopyAsync(file, response.Body, range.Bytes, context.RequestAborted).ConfigureAwait(false);
    }

    private static async Task CopyAsync(Stream from, Stream to, long bytes, CancellationToken gone)
    {
        byte[] buffer = new byte[(int)Math.Min(bytes, CopyBytes)];
        while (bytes > 0)
        {
            int read = await from.ReadAsync(
                buffer.AsMemory(0, (int)Math.Min(buffer.Length, bytes)), gone).ConfigureAwait(false);
            if (read == 0) return;
            await to.WriteAsync(buffer.AsMemory(0, read), gone).ConfigureAwait(false);
            bytes -= read;
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
