using System.Net;

namespace Flume.Host.Http;

/// <summary>
/// Refuses requests from pages of other sites. A page can make a browser on this machine call the server, under the
/// page's own host name (DNS rebinding) or from the page's origin.
/// </summary>
/// <remarks>
/// 1. The Host header must be <c>localhost</c>, a numeric address (rebinding needs a name) or one of
/// <c>flume.http.host-names</c>.
/// 2. An Origin header, which browsers send and other clients do not, must be this server's own.
/// 3. A request that a page of another site caused is refused, even if it has no Origin header.
/// </remarks>
internal sealed class HostGuard(IReadOnlyList<string> names)
{
    /// <exception cref="ProblemException">The Host or the Origin header is not allowed.</exception>
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        HostString host = context.Request.Host;
        if (!IsOurs(host.Host))
        {
            throw new ProblemException(ProblemTypes.WrongHost, $"The Host header is '{host}'.")
            {
                Expected = "localhost, 127.0.0.1, [::1], or a name of flume.http.host-names",
            };
        }

        string origin = context.Request.Headers.Origin.ToString();
        if (origin.Length > 0 && !IsOurs(origin, host))
        {
            throw new ProblemException(ProblemTypes.WrongOrigin, $"The Origin header is '{origin}'.")
            {
                Expected = $"http://{host}, or no Origin header",
            };
        }

        RefuseOtherSites(context.Request);
        return next(context);
    }

    /// <summary>
    /// A page of another site can make a browser send a GET without an Origin header. It cannot read the answer, but it
    /// would take a place among the streams. Browsers mark such a request; only a link to the page may be followed.
    /// </summary>
    private static void RefuseOtherSites(HttpRequest request)
    {
        string site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site is "" or "same-origin" or "none") return;
        bool isLink = request.Headers["Sec-Fetch-Mode"] == "navigate"
            && request.Headers["Sec-Fetch-Dest"] == "document";
        if (isLink && request.Path == "/") return;
        throw new ProblemException(ProblemTypes.WrongOrigin, $"The header Sec-Fetch-Site is '{site}'.")
        {
            Expected = "same-origin, none, or no such header",
        };
    }

    /// <summary>A TLS proxy changes the origin's scheme: the page's origin is then the same name under https.</summary>
    private static bool IsOurs(string origin, HostString host) =>
        origin.Equals($"http://{host}", StringComparison.OrdinalIgnoreCase) ||
        origin.Equals($"https://{host}", StringComparison.OrdinalIgnoreCase);

    private bool IsOurs(string name) =>
        name.Equals("localhost", StringComparison.OrdinalIgnoreCase) ||
        names.Contains(name, StringComparer.OrdinalIgnoreCase) ||
        IPAddress.TryParse(name.Trim('[', ']'), out _);
}
