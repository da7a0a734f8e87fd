using Flume.Host.Http.Access;
using Flume.Query.Json;
using Flume.Ssb.Api;

namespace Flume.Host.Http;

/// <summary>The SQL view over HTTP: one SELECT statement in, its rows as JSON lines out.</summary>
internal sealed class SqlEndpoints(ServerContext site, RpcEndpoints calls)
{
    private const string Method = "sql.query";

    /// <summary>Adds the route.</summary>
    public void Map(IEndpointRouteBuilder routes) => routes.MapPost(RouteScopes.SqlRoute, AskAsync);

    private async Task AskAsync(HttpContext context)
    {
        ReadFreshness freshness = QueryParameters.Of(context, "atLeast", "wait").Freshness();
        IIdentity identity = await site.IdentityAsync(context).ConfigureAwait(false);
        JsValue body = await RequestBody.ReadJsonAsync(context, site.Limits).ConfigureAwait(false);
        if (!site.Methods.TryGet(Method, out ApiMethod method))
            throw new ProblemException(
                ProblemTypes.NoSuchView,
                "The SQL view is off. Set flume.sql.enabled = on, and start the server again.");
        ApiCall call = new(identity, new JsArray().Add(body), context.RequestAborted) { Freshness = freshness };
        await calls.StreamAsync(context, method, call).ConfigureAwait(false);
    }
}
