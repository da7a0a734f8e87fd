namespace Flume.Host.Http;

/// <summary>Refuses requests whose address or method has no endpoint.</summary>
internal static class NotFoundFallback
{
    private const string Routes =
        "GET /health/live, GET /health/ready, GET /health/checks, GET /metrics, GET /problems, GET /openapi/v1.json, GET /v1/identities, " +
        "GET|POST /v1/identities/NAME, " +
        "GET /v1/events, GET|POST /v1/NAME/log, GET /v1/NAME/messages/KEY, POST /v1/NAME/rpc, GET /v1/NAME/views, " +
        "GET|POST|DELETE /v1/NAME/views/VIEW, GET /v1/NAME/views/VIEW/rows|skipped, " +
        "POST /v1/NAME/views/[VIEW/]rebuild|cancel|pause|resume|budget, POST /v1/NAME/views/VIEW/check, " +
        "GET /v1/NAME/blobs/ID, POST /v1/NAME/backup";

    /// <summary>Passes the request on if it has an endpoint.</summary>
    /// <exception cref="ProblemException">It has none.</exception>
    public static Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        // For a known address with an unknown method, routing selects an endpoint of its own, which has no pattern.
        if (context.GetEndpoint() is RouteEndpoint) return next(context);
        throw new ProblemException(
            ProblemTypes.NoSuchRoute, $"There is no {context.Request.Method} {context.Request.Path}.")
        {
            Expected = Routes,
        };
    }
}
