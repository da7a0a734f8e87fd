using System.Net;
using Flume.Ssb.Api;

namespace Flume.Host.Http.Access;

/// <summary>Lets in who may: callers of this machine, or whose token has the scope that the address needs.</summary>
/// <remarks>
/// 1. A token is read from the header <c>Authorization: Bearer</c> alone: an address ends in logs and histories.
/// 2. Without tokens nobody from beyond the loopback interface gets in, however the request came here.
/// </remarks>
internal sealed class TokenGuard(AccessSettings access)
{
    private const string Scheme = "Bearer ";

    /// <summary>Passes the request on with what its caller may do.</summary>
    /// <exception cref="ProblemException">It has no token, or not one for this.</exception>
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint() is not RouteEndpoint endpoint) return next(context);
        Scope needed = RouteScopes.Of(context.Request.Method, endpoint.RoutePattern.RawText ?? "");
        bool isCall = endpoint.RoutePattern.RawText == RouteScopes.CallRoute;
        if (needed == Scope.None && !isCall) return next(context);
        Scope granted = Granted(context);
        Refuse(granted, needed, $"{context.Request.Method} {context.Request.Path}");
        context.Features.Set(new Grant(granted));
        return next(context);
    }

    /// <summary>Refuses a call that its caller may not make.</summary>
    /// <exception cref="ProblemException">The caller's token lacks the scope.</exception>
    public static void Require(HttpContext context, Scope needed, string what) =>
        Refuse(context.Features.Get<Grant>()?.Scopes ?? Scope.None, needed, what);

    private Scope Granted(HttpContext context)
    {
        bool isLocal = context.Connection.RemoteIpAddress is { } from && IPAddress.IsLoopback(from);
        if (isLocal && !access.OnLoopback) return Scopes.All;
        string header = context.Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            throw Unknown(context, "This server asks for a token.");
        return access.Tokens.Find(header[Scheme.Length..].Trim()) ??
            throw Unknown(context, "The server does not know that token.");
    }

    private static ProblemException Unknown(HttpContext context, string detail)
    {
        // Set here and not with the answer: writing a problem clears what a handler had set.
        context.Response.OnStarting(() =>
        {
            context.Response.Headers.WWWAuthenticate = "Bearer realm=\"flume\"";
            return Task.CompletedTask;
        });
        return new ProblemException(ProblemTypes.TokenNeeded, detail)
        {
            Expected = "the header Authorization: Bearer TOKEN; flume.http.tokens and flume.http.token-file name them",
        };
    }

    private static void Refuse(Scope granted, Scope needed, string what)
    {
        if (Scopes.Allow(granted, needed)) return;
        throw new ProblemException(ProblemTypes.ScopeMissing, $"The token does not allow {what}.")
        {
            Expected = $"a token with the scope {Scopes.Word(needed)}",
        };
    }

    private sealed record Grant(Scope Scopes);
}
