using Flume.Query.Json;
using Flume.Ssb.Api;

namespace Flume.Host.Http;

/// <summary>The peers of an identity over HTTP; the API methods conn.* change them.</summary>
internal sealed class PeerEndpoints(ServerContext site)
{
    private const string Method = "flume.peers";

    /// <summary>Adds the route.</summary>
    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/{name}/peers", AnswerAsync);

    private async Task AnswerAsync(HttpContext context)
    {
        QueryParameters.Of(context);
        IIdentity identity = await site.IdentityAsync(context).ConfigureAwait(false);
        JsValue peers = site.Methods.TryGet(Method, out ApiMethod method)
            ? await method.Call!(new ApiCall(identity, new JsArray(), context.RequestAborted)).ConfigureAwait(false)
            : JsValue.From(new JsArray());
        await JsonAnswer.SendAsync(context, JsValue.From(new JsObject().Set("peers", peers))).ConfigureAwait(false);
    }
}
