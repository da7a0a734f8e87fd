using System.Net;

namespace Flume.Host.Http;

/// <summary>
/// Keeps other sites' pages out of a server that asks for no password: a browser on this machine can be made to call
/// it, under the site's own name (DNS rebinding) or from the site's page.
/// </summary>
/// <remarks>
/// 1. The Host header must be <c>localhost</c>, a numeric address (rebinding needs a name) or one of
/// <c>flume.http.host-names</c>.
/// 2. An Origin header, which browsers send and other clients do not, must be this server's own.
/// </remarks>
internal sealed class HostGuard(IReadOnlyList<string> names)
{
    /// <summary>Passes the request on.</summary>
    /// <exception cref="ProblemException">It comes under a strange name, or from a strange page.</exception>
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

        return next(context);
    }

    /// <summary>Before a proxy that speaks TLS the page's origin is the same name under https.</summary>
    private static bool IsOurs(string origin, HostString host) =>
        origin.Equals($"http://{host}", StringComparison.OrdinalIgnoreCase) ||
        origin.Equals($"https://{host}", StringComparison.OrdinalIgnoreCase);

    private bool IsOurs(string name) =>
        name.Equals("localhost", StringComparison.OrdinalIgnoreCase) ||
        names.Contains(name, StringComparer.OrdinalIgnoreCase) ||
        IPAddress.TryParse(name.Trim('[', ']'), out _);
}
