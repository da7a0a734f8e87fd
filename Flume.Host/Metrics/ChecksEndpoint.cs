using System.Text.Json;
using Flume.Host.Http;

namespace Flume.Host.Metrics;

/// <summary>
/// <c>GET /health/checks</c>: the health findings of all views; <c>GET /health</c>: one word. Status 503 if a check fails.
/// </summary>
internal sealed class ChecksEndpoint(ServerContext site, TimeProvider time)
{
    private readonly HealthChecks _checks = new(site.Health, time);

    /// <summary>Adds the route.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health", WordAsync);
        routes.MapGet("/health/checks", AnswerAsync);
    }

    /// <summary>The form of ASP.NET Core's health checks: one word as text.</summary>
    private async Task WordAsync(HttpContext context)
    {
        QueryParameters.Of(context);
        bool isHealthy = (await JudgeAsync(context).ConfigureAwait(false)).All(finding => finding.Text is null);
        context.Response.StatusCode = isHealthy ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "text/plain";
        context.Response.Headers.CacheControl = "no-store, no-cache";
        if (!RequestRules.IsHead(context))
            await context.Response.WriteAsync(isHealthy ? "Healthy" : "Unhealthy", context.RequestAborted)
            .ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<Finding>> JudgeAsync(HttpContext context) => _checks.Judge(
        await StatusSample.TakeAsync(site.Identities, context.RequestAborted).ConfigureAwait(false));

    private async Task AnswerAsync(HttpContext context)
    {
        QueryParameters.Of(context);
        IReadOnlyList<Finding> findings = await JudgeAsync(context).ConfigureAwait(false);
        bool isWell = findings.All(finding => finding.Text is null);
        int status = isWell ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        await JsonAnswer.SendAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteString("status", isWell ? "healthy" : "unhealthy");
            json.WriteNumber("checked", findings.Count);
            json.WriteStartArray("findings");
            foreach (Finding finding in findings.Where(finding => finding.Text is not null)) Write(json, finding);
            json.WriteEndArray();
            json.WriteEndObject();
        }, status).ConfigureAwait(false);
    }

    private static void Write(Utf8JsonWriter json, Finding finding)
    {
        json.WriteStartObject();
        json.WriteString("check", finding.Check);
        json.WriteString("identity", finding.Identity);
        json.WriteString("view", finding.View);
        json.WriteString("text", finding.Text);
        json.WriteEndObject();
    }
}
