using System.Text.Json;
using Flume.Ssb.Api;

namespace Flume.Host.Http;

/// <summary>Lists identities and creates new ones.</summary>
internal sealed class IdentityEndpoints(ServerContext site)
{
    /// <summary>Adds the routes.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/identities", ListAsync);
        routes.MapGet("/v1/identities/{name}", ShowAsync);
        routes.MapPost("/v1/identities/{name}", CreateAsync);
    }

    private async Task ListAsync(HttpContext context)
    {
        QueryParameters.Of(context);
        CancellationToken gone = context.RequestAborted;
        List<Action<Utf8JsonWriter>> identities = [];
        foreach (string name in await site.Identities.NamesAsync(gone).ConfigureAwait(false))
            identities.Add(await DescribeAsync(name, gone).ConfigureAwait(false));
        await JsonAnswer.SendAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("identities");
            foreach (Action<Utf8JsonWriter> write in identities) write(json);
            json.WriteEndArray();
            json.WriteEndObject();
        }).ConfigureAwait(false);
    }

    /// <summary>
    /// An identity that can't be opened is listed with the reason; the other identities are not affected.
    /// </summary>
    private async Task<Action<Utf8JsonWriter>> DescribeAsync(string name, CancellationToken gone)
    {
        try
        {
            IIdentity? identity = await site.Identities.FindAsync(name, gone).ConfigureAwait(false);
            if (identity is null) return _ => { };
            LogStatus log = await identity.LogStatusAsync(gone).ConfigureAwait(false);
            return json => IdentityJson.Write(json, identity, log, site.Identities.AddressesOf(identity));
        }
        catch (IdentityRejectedException error)
        {
            return json => IdentityJson.WriteRefused(json, name, error.Message);
        }
    }

    private async Task ShowAsync(HttpContext context)
    {
        QueryParameters.Of(context);
        await AnswerAsync(context, await site.IdentityAsync(context).ConfigureAwait(false), StatusCodes.Status200OK)
            .ConfigureAwait(false);
    }

    private async Task CreateAsync(HttpContext context)
    {
        QueryParameters query = QueryParameters.Of(context, "kind");
        site.RefuseWhenStopping("making an identity");
        string name = (string)context.Request.RouteValues["name"]!;
        IIdentity made = await site.Identities.CreateAsync(
            name, query.Kind(), context.RequestAborted).ConfigureAwait(false);
        context.Response.Headers.Location = $"/v1/identities/{name}";
        await AnswerAsync(context, made, StatusCodes.Status201Created).ConfigureAwait(false);
    }

    private async Task AnswerAsync(HttpContext context, IIdentity identity, int status)
    {
        LogStatus log = await identity.LogStatusAsync(context.RequestAborted).ConfigureAwait(false);
        IReadOnlyList<string> addresses = site.Identities.AddressesOf(identity);
        await JsonAnswer.SendAsync(
            context, json => IdentityJson.Write(json, identity, log, addresses), status).ConfigureAwait(false);
    }
}
