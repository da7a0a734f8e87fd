using Flume.Log.Primitives;

namespace Flume.Host.Http;

/// <summary>Converts every exception of a handler to a problem document.</summary>
internal sealed class ErrorBoundary(ServerContext site)
{
    /// <summary>Runs the request.</summary>
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context).ConfigureAwait(false);
        }
        catch (Exception error) when (context.RequestAborted.IsCancellationRequested)
        {
            _ = error;
            context.Abort();
        }
        catch (Exception error)
        {
            ProblemException problem = Translate(error);
            if (problem.Type == ProblemTypes.Unexpected) Report(context, error);
            if (context.Response.HasStarted) context.Abort();
            else await Problems.WriteAsync(context, problem).ConfigureAwait(false);
        }
    }

    private ProblemException Translate(Exception error) => error switch
    {
        BadHttpRequestException bad => BodyReads.ProblemOf(bad, site.Limits),
        OperationCanceledException when site.Stopping.IsCancellationRequested =>
            new ProblemException(ProblemTypes.Stopping, "The server is stopping: the request was given up."),
        _ => Problems.From(error),
    };

    private static void Report(HttpContext context, Exception error) =>
        RepeatedNotes.OfProcess.Failed($"{context.Request.Method} {Pattern(context)}", error);

    /// <summary>The route and not the path, so that one failure at many paths is one kind.</summary>
    private static string Pattern(HttpContext context) =>
        (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? context.Request.Path;
}
