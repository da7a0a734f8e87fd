using Flume.Host.Http;
using Flume.Ssb.Api;

namespace Flume.Host.Backup;

/// <summary>Backs up a served identity into a folder of this machine: streams progress, then the report.</summary>
/// <remarks>One backup runs at a time. It only reads the identity, so that other requests do not wait for it.</remarks>
internal sealed class BackupEndpoints(ServerContext site)
{
    private readonly ConcurrencyLimiter _running = new(1);

    /// <summary>Adds the route.</summary>
    public void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/{name}/backup", BackupAsync);

    private async Task BackupAsync(HttpContext context)
    {
        string? to = QueryParameters.Of(context, "to").Text("to");
        if (to is null || !Path.IsPathRooted(to))
        {
            throw new ProblemException(ProblemTypes.BadParameter, $"The parameter 'to' is '{to}'.")
            {
                Expected = "to: the absolute path of a folder on the server's machine, empty or an earlier backup",
            };
        }

        site.RefuseWhenStopping("the backup");
        IIdentity identity = await site.IdentityAsync(context).ConfigureAwait(false);
        using IDisposable stream = site.TakeStream(context);
        using IDisposable slot = _running.TryTake() ?? throw new ProblemException(
            ProblemTypes.WorkBusy, "Another backup is under way; one runs at a time.")
        { RetryAfterSeconds = 10 };
        NdjsonStream answer = new(context, site.Stopping) { SetHeaders = static _ => { } };
        await answer.SendAsync(
            gone => ProgressStream.LinesAsync<BackupProgress>(
                progress => RunAsync(identity, to, progress, gone), static at => JsonText.Of(json =>
                {
                    json.WriteStartObject();
                    json.WriteStartObject("progress");
                    json.WriteString("what", at.What);
                    json.WriteNumber("done", at.Done);
                    json.WriteNumber("total", at.Total);
                    json.WriteEndObject();
                    json.WriteEndObject();
                })),
            ProgressStream.WriteLine).ConfigureAwait(false);
    }

    private static async Task<byte[]> RunAsync(
        IIdentity identity, string to, IProgress<BackupProgress> progress, CancellationToken cancel)
    {
        try
        {
            BackupReport report = await new BackupWriter(identity, to, progress, TimeProvider.System)
                .RunAsync(cancel).ConfigureAwait(false);
            return JsonText.Of(report.Write);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(ProblemTypes.BackupFailed, refused.Message, refused);
        }
    }
}
