using System.Text;
using System.Text.Json;
using Flume.Host.Http;
using Flume.Log;
using Flume.Ssb.Api;
using Flume.Views;

namespace Flume.Host.Admin;

/// <summary>Lists the records that a view skipped, with reason and content.</summary>
internal sealed class SkippedEndpoint(ServerContext site)
{
    private const int LimitMax = 1000;
    private const int TextBytes = 4096;

    /// <summary>Adds the route.</summary>
    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/{name}/views/{view}/skipped", SendAsync);

    private async Task SendAsync(HttpContext context)
    {
        QueryParameters query = QueryParameters.Of(context, "after", "limit");
        Offset after = query.Offset("after") ?? Offset.None;
        long limit = query.Number("limit") ?? 100;
        if (limit is < 1 or > LimitMax)
        {
            throw new ProblemException(ProblemTypes.BadParameter, $"The parameter 'limit' is '{limit}'.")
            {
                Expected = $"limit: from 1 to {LimitMax}",
            };
        }

        IIdentity identity = await site.IdentityAsync(context).ConfigureAwait(false);
        ViewStatus view = await ViewAsync(context, identity).ConfigureAwait(false);
        using IDisposable slot = site.TakeRead(context);
        CancellationToken gone = context.RequestAborted;
        SkippedScan scan = new(identity.Log, view.Since);
        SkippedPage page = view.Skipped == 0
            ? SkippedPage.Empty
            : await Task.Run(() => scan.Read(after, (int)limit, gone), gone).ConfigureAwait(false);
        await JsonAnswer.SendAsync(context, json => Write(json, view, page)).ConfigureAwait(false);
    }

    private static async Task<ViewStatus> ViewAsync(HttpContext context, IIdentity identity)
    {
        string name = (string)context.Request.RouteValues["view"]!;
        foreach (ViewStatus view in await identity.StatusAsync(context.RequestAborted).ConfigureAwait(false))
        {
            if (view.Name == name) return view;
        }

        throw new UnknownViewException(name, identity.Views.Views);
    }

    private static void Write(Utf8JsonWriter json, ViewStatus view, SkippedPage page)
    {
        json.WriteStartObject();
        json.WriteString("view", view.Name);
        json.WriteNumber("skipped", view.Skipped);
        json.WriteStartArray("records");
        foreach (SkippedRecord record in page.Records) Write(json, record);
        json.WriteEndArray();
        if (page.Next is { } next) json.WriteNumber("next", next.Value);
        else json.WriteNull("next");
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, SkippedRecord record)
    {
        json.WriteStartObject();
        json.WriteNumber("offset", record.Offset.Value);
        json.WriteNumber("bytes", record.Payload.Length);
        json.WriteString("why", record.Why);
        bool isCut = record.Payload.Length > TextBytes;
        ReadOnlySpan<byte> shown = isCut ? record.Payload.Span[..TextBytes] : record.Payload.Span;
        json.WriteString("text", Encoding.UTF8.GetString(shown));
        json.WriteBoolean("cut", isCut);
        json.WriteEndObject();
    }
}
