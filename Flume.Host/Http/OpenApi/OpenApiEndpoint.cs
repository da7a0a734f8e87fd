namespace Flume.Host.Http.OpenApi;

/// <summary><c>GET /openapi/v1.json</c>: the OpenAPI document of all routes.</summary>
/// <remarks>
/// The document is handwritten and embedded, so that it costs no start time. A test compares it with routes, parameters
/// and scopes, and validates answers against its schemas.
/// </remarks>
internal static class OpenApiEndpoint
{
    /// <summary>The embedded resource's name.</summary>
    public const string Resource = "openapi/v1.json";

    /// <summary>Adds the route.</summary>
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/openapi/v1.json", SendAsync);

    private static async Task SendAsync(HttpContext context)
    {
        Stream document = typeof(OpenApiEndpoint).Assembly.GetManifestResourceStream(Resource)!;
        await using (document.ConfigureAwait(false))
        {
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = document.Length;
            context.Response.Headers.CacheControl = "no-cache";
            await document.CopyToAsync(context.Response.Body, context.RequestAborted).ConfigureAwait(false);
        }
    }
}
