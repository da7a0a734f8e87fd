using Flume.Ssb.Api;

namespace Flume.Host.Http.Access;

/// <summary>
/// What each address needs. What is not named here needs the most: a new address is closed until it is opened.
/// </summary>
internal static class RouteScopes
{
    /// <summary>The route of API calls. A call needs the scope of its method, which is known when the body is read.</summary>
    public const string CallRoute = "/v1/{name}/rpc";

    private static readonly HashSet<string> Open = new(StringComparer.Ordinal)
    {
        "/", "/assets/{**path}", "/health/live", "/health/ready", "/problems", "/problems/{problem}",
        "/openapi/v1.json",
    };

    /// <summary>The scope that a request of this method to this route needs.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="pattern">The route's pattern, as it was mapped.</param>
    public static Scope Of(string method, string pattern)
    {
        if (HttpMethods.IsGet(method)) return Open.Contains(pattern) ? Scope.None : Scope.Read;
        if (!HttpMethods.IsPost(method)) return Scope.Admin;
        return pattern switch
        {
            "/v1/{name}/log" => Scope.Append,
            CallRoute => Scope.None,
            _ => Scope.Admin,
        };
    }
}
