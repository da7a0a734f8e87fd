using Flume.Ssb.Api;

namespace Flume.Host.Http.Access;

/// <summary>
/// The scope that each route needs. A route without an entry needs the highest scope.
/// </summary>
internal static class RouteScopes
{
    /// <summary>
    /// The route of API calls. A call needs its method's scope, which is known after the body is read.
    /// </summary>
    public const string CallRoute = "/v1/{name}/rpc";

    /// <summary>The route of SQL statements. A statement reads, although it is posted.</summary>
    public const string SqlRoute = "/v1/{name}/sql";

    private static readonly HashSet<string> Open = new(StringComparer.Ordinal)
    {
        "/", "/assets/{**path}", "/health", "/health/live", "/health/ready", "/problems", "/problems/{problem}",
        "/openapi/v1.json",
    };

    /// <summary>The scope that a request needs.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="pattern">The pattern of the mapped route.</param>
    public static Scope Of(string method, string pattern)
    {
        if (HttpMethods.IsGet(method)) return Open.Contains(pattern) ? Scope.None : Scope.Read;
        if (!HttpMethods.IsPost(method)) return Scope.Admin;
        return pattern switch
        {
            "/v1/{name}/log" => Scope.Append,
            CallRoute => Scope.None,
            SqlRoute => Scope.Read,
            _ => Scope.Admin,
        };
    }
}
