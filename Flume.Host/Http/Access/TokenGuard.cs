using System.Net;
using Flume.Ssb.Api;

namespace Flume.Host.Http.Access;

/// <summary>Authorizes requests: local callers, and callers whose token has the scope of the route.</summary>
/// <remarks>
/// 1. Only the header <c>Authorization: Bearer</c> carries a token, because logs and histories keep addresses.
/// 2. Without configured tokens, only callers on the loopback interface are authorized.
/// </remarks>
internal sealed class TokenGuard(AccessSettings access)
{
    private const string Scheme = "Bearer ";

    /// <summary>Passes the request on with its caller's scopes.</summary>
    /// <exception cref="ProblemException">The request has no token, or the token lacks the scope.</exception>
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint() is not RouteEndpoint endpoint) return next(context);
        Scope needed = RouteScopes.Of(context.Request.Method, endpoint.RoutePattern.RawText ?? "");
        bool isCall = endpoint.RoutePattern.RawText == RouteScopes.CallRoute;
        if (needed == Scope.None && !isCall) return next(context);
        Scope granted = Granted(context);
        Refuse(granted, needed, $"{context.Request.Method} {context.Request.Path}");
        context.Features.Set(new GrantedScopes(granted));
        return next(context);
    }

    /// <summary>Refuses a call for which its caller lacks the scope.</summary>
    /// <exception cref="ProblemException">The caller's token lacks the scope.</exception>
    public static void Require(HttpContext context, Scope needed, string what) =>
        Refuse(context.Features.Get<GrantedScopes>()?.Scopes ?? Scope.None, needed, what);

    /// <summary>True for callers that may do everything.</summary>
    public static bool IsOwner(HttpContext context) =>
        context.Features.Get<GrantedScopes>() is { } granted && Scopes.Allow(granted.Scopes, Scope.Admin);

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
        // The header is set here, because writing a problem clears the headers that a handler set.
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

    private sealed record GrantedScopes(Scope Scopes);
}
