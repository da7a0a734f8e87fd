namespace Flume.Host.Http;

/// <summary>The rules of HTTP that hold for every address.</summary>
/// <remarks>
/// 1. HEAD is answered as GET, without the body, and holds no stream.
/// 2. A body with a content encoding is refused: it would be stored as it is.
/// 3. Headers of every answer forbid browsers to guess another media type, and pages of other origins to embed it.
/// </remarks>
internal static class RequestRules
{
    private static readonly object HeadMark = new();

    /// <summary>True if the client wants the headers of a GET and no body.</summary>
    public static bool IsHead(HttpContext context) => context.Items.ContainsKey(HeadMark);

    /// <summary>Applies the rules and passes the request on.</summary>
    /// <exception cref="ProblemException">The body has a content encoding.</exception>
    public static Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        context.Response.OnStarting(SetHeaders, context.Response);
        string encoding = context.Request.Headers.ContentEncoding.ToString();
        if (encoding.Length > 0 && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            context.Response.OnStarting(SetAccepted, context.Response);
            throw new ProblemException(ProblemTypes.BadEncoding, $"The body's Content-Encoding is '{encoding}'.")
            {
                Expected = "a body without Content-Encoding",
            };
        }

        if (HttpMethods.IsHead(context.Request.Method))
        {
            context.Items[HeadMark] = HeadMark;
            context.Request.Method = HttpMethods.Get; // the server still knows that no body may be sent
        }

        return next(context);
    }

    private static Task SetHeaders(object state)
    {
        IHeaderDictionary headers = ((HttpResponse)state).Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        return Task.CompletedTask;
    }

    private static Task SetAccepted(object state)
    {
        ((HttpResponse)state).Headers.AcceptEncoding = "identity";
        return Task.CompletedTask;
    }
}
