using System.Text.Json;
using Flume.Api;

namespace Flume.Host.Http;

/// <summary>The identities: which there are, and making one.</summary>
internal sealed class IdentityEndpoints(Site site)
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
        Query.Of(context);
        CancellationToken gone = context.RequestAborted;
        List<(IIdentity Identity, LogStatus Log)> states = [];
        foreach (string name in await site.Identities.NamesAsync(gone).ConfigureAwait(false))
        {
            if (await site.Identities.FindAsync(name, gone).ConfigureAwait(false) is { } identity)
                states.Add((identity, await identity.LogStatusAsync(gone).ConfigureAwait(false)));
        }

        await JsonAnswer.SendAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("identities");
            foreach ((IIdentity identity, LogStatus log) in states) Write(json, identity, log);
            json.WriteEndArray();
            json.WriteEndObject();
        }).ConfigureAwait(false);
    }

    private async Task ShowAsync(HttpContext context)
    {
        Query.Of(context);
        await AnswerAsync(context, await site.IdentityAsync(context).ConfigureAwait(false), StatusCodes.Status200OK)
            .ConfigureAwait(false);
    }

    private async Task CreateAsync(HttpContext context)
    {
        Query.Of(context);
        site.RefuseWhenStopping("making an identity");
        string name = (string)context.Request.RouteValues["name"]!;
        IIdentity made = await site.Identities.CreateAsync(name, context.RequestAborted).ConfigureAwait(false);
        context.Response.Headers.Location = $"/v1/identities/{name}";
        await AnswerAsync(context, made, StatusCodes.Status201Created).ConfigureAwait(false);
    }

    private static async Task AnswerAsync(HttpContext context, IIdentity identity, int status)
    {
        LogStatus log = await identity.LogStatusAsync(context.RequestAborted).ConfigureAwait(false);
        await JsonAnswer.SendAsync(context, json => Write(json, identity, log), status).ConfigureAwait(false);
    }

    private static void Write(Utf8JsonWriter json, IIdentity identity, LogStatus log)
    {
        json.WriteStartObject();
        json.WriteString("name", identity.Name);
        json.WriteString("id", identity.Keys?.Id);
        json.WriteNumber("head", log.Head.Value);
        json.WriteNumber("bytes", log.Bytes);
        json.WriteString("readOnly", log.ReadOnly);
        json.WriteStartObject("waiting");
        json.WriteNumber("records", log.Waiting);
        json.WriteNumber("bytes", log.WaitingBytes);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
