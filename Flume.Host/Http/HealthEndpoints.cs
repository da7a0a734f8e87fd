using Flume.Ssb.Api;
using Flume.Views;

namespace Flume.Host.Http;

/// <summary>Liveness and readiness of the server, and the descriptions of its problem types.</summary>
internal sealed class HealthEndpoints(ServerContext site)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Adds the routes.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", LiveAsync);
        routes.MapGet("/health/ready", ReadyAsync);
        routes.MapGet("/problems", ProblemsAsync);
        routes.MapGet("/problems/{problem}", ProblemAsync);
    }

    private static Task LiveAsync(HttpContext context) =>
        JsonAnswer.SendAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteString("status", "live");
            json.WriteEndObject();
        });

    /// <summary>
    /// Reports ready while every identity opens and its log and views answer. A stopping server is not ready.
    /// </summary>
    private async Task ReadyAsync(HttpContext context)
    {
        site.RefuseWhenStopping("new work");
        CancellationToken gone = context.RequestAborted;
        int count = 0;
        foreach (string name in await site.Identities.NamesAsync(gone).ConfigureAwait(false))
        {
            if (await site.Identities.FindAsync(name, gone).ConfigureAwait(false) is { IsOpen: true } identity)
                await AnswersAsync(identity, gone).ConfigureAwait(false);
            count++;
        }

        await JsonAnswer.SendAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteString("status", "ready");
            json.WriteNumber("identities", count);
            json.WriteEndObject();
        }).ConfigureAwait(false);
    }

    /// <summary>
    /// Queries the log and each view: a view that can't answer delays its read, and the server is not ready.
    /// </summary>
    private static async Task AnswersAsync(IIdentity identity, CancellationToken gone)
    {
        await identity.LogStatusAsync(gone).ConfigureAwait(false);
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(gone);
        late.CancelAfter(Patience);
        foreach (IView view in identity.Views.Views)
        {
            try
            {
                using ViewRead read = await identity.ReadAsync(
                    view.Name, ReadFreshness.NoWait, late.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!gone.IsCancellationRequested)
            {
                throw new ProblemException(ProblemTypes.NotReady,
                    $"View '{view.Name}' of identity '{identity.Name}' did not answer within " +
                    $"{Patience.TotalSeconds} s.")
                {
                    RetryAfterSeconds = 1,
                };
            }
        }
    }

    private static Task ProblemsAsync(HttpContext context) => JsonAnswer.SendAsync(context, json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("problems");
        foreach (ProblemType type in ProblemTypes.All) Write(json, type);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static Task ProblemAsync(HttpContext context)
    {
        string name = (string)context.Request.RouteValues["problem"]!;
        ProblemType type = ProblemTypes.All.FirstOrDefault(type => type.Name == name) ??
            throw new ProblemException(ProblemTypes.NoSuchRoute, $"There is no problem '{name}'.")
            {
                Expected = "one of GET /problems",
            };
        return JsonAnswer.SendAsync(context, json => Write(json, type));
    }

    private static void Write(System.Text.Json.Utf8JsonWriter json, ProblemType type)
    {
        json.WriteStartObject();
        json.WriteString("type", type.Address);
        json.WriteString("title", type.Title);
        json.WriteNumber("status", type.Status);
        json.WriteString("remedy", type.Remedy);
        json.WriteEndObject();
    }
}
