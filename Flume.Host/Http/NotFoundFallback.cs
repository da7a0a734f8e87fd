namespace Flume.Host.Http;

/// <summary>Refuses requests whose address or method has no endpoint.</summary>
internal static class NotFoundFallback
{
    private const string Routes =
        "GET /health, GET /health/live, GET /health/ready, GET /health/checks, GET /metrics, GET /problems, "
        + "GET /openapi/v1.json, GET /v1/identities, GET|POST /v1/identities/NAME, GET /v1/events, "
        + "GET|POST /v1/NAME/log, GET /v1/NAME/log/OFFSET, POST /v1/NAME/log/reopen, GET /v1/NAME/messages/KEY, "
        + "POST /v1/NAME/rpc, GET /v1/NAME/views, " +
        "GET|POST|DELETE /v1/NAME/views/VIEW, GET /v1/NAME/views/VIEW/rows|skipped, " +
        "POST /v1/NAME/views/[VIEW/]rebuild|cancel|pause|resume|budget, POST /v1/NAME/views/VIEW/check, " +
        "GET /v1/NAME/blobs/ID, POST /v1/NAME/backup";

    /// <summary>Passes the request on if it has an endpoint.</summary>
    /// <exception cref="ProblemException">It has none.</exception>
    public static async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        Endpoint? endpoint = context.GetEndpoint();
        if (endpoint is RouteEndpoint)
        {
            await next(context).ConfigureAwait(false);
            return;
        }

        // For a known address with an unknown method, routing selects an endpoint of its own, which has no pattern.
        if (endpoint?.RequestDelegate is { } answer)
        {
            await answer(context).ConfigureAwait(false);
            throw WrongMethod(context);
        }

        throw new ProblemException(
            ProblemTypes.NoSuchRoute, $"There is no {context.Request.Method} {context.Request.Path}.")
        {
            Expected = Routes,
        };
    }

    private static ProblemException WrongMethod(HttpContext context)
    {
        string[] methods = [.. context.Response.Headers.Allow.SelectMany(each => (each ?? "").Split(", ")).Order()];
        string allow = string.Join(", ", methods.Contains(HttpMethods.Get) ? [.. methods, HttpMethods.Head] : methods);
        context.Response.OnStarting(() =>
        {
            context.Response.Headers.Allow = allow;
            return Task.CompletedTask;
        });
        return new ProblemException(
            ProblemTypes.WrongMethod, $"{context.Request.Path} has no method {context.Request.Method}.")
        {
            Expected = allow,
        };
    }
}
