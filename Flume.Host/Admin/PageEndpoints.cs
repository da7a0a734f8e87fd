using Flume.Host.Http;

namespace Flume.Host.Admin;

/// <summary>Serves the admin page and its files.</summary>
/// <remarks>
/// The page shows content of untrusted authors. It inserts this content as text only. The policy is the second
/// protection: only Flume's own scripts run, no other host is contacted, and no page can frame it.
/// </remarks>
internal static class PageEndpoints
{
    /// <summary>The content security policy of the page.</summary>
    public const string ContentPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; " +
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Adds the routes.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", context => SendAsync(context, Assets.Page));
        routes.MapGet("/assets/{**path}", context =>
            SendAsync(context, (string?)context.Request.RouteValues["path"] ?? ""));
    }

    private static async Task SendAsync(HttpContext context, string path)
    {
        Asset asset = Assets.Find(path) ??
            throw new ProblemException(ProblemTypes.NoSuchRoute, $"The page has no file '{path}'.");
        IHeaderDictionary headers = context.Response.Headers;
        headers.ETag = asset.ETag;
        headers.CacheControl = "no-cache";
        headers.ContentSecurityPolicy = ContentPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (EntityTags.IsKnown(context.Request.Headers.IfNoneMatch, asset.ETag))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        context.Response.ContentType = asset.ContentType;
        context.Response.ContentLength = asset.Bytes.Length;
        await context.Response.BodyWriter.WriteAsync(asset.Bytes, CancellationToken.None).ConfigureAwait(false);
    }
}
