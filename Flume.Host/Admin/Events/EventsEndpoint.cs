using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Flume.Host.Http;
using Flume.Host.Http.Access;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Flume.Host.Admin.Events;

/// <summary>
/// <c>GET /v1/events</c>: the server's state as server-sent events: first all of it, then each change.
/// </summary>
/// <remarks>
/// 1. Events: <c>server</c>, <c>identity</c> and <c>view</c> carry one part each; <c>gone</c> reports a removed part;
/// <c>ready</c> follows the first snapshot.
/// 2. The server sends at most four snapshots a second. A slow client skips intermediate snapshots and always reads the
/// current one.
/// 3. A comment every 15 seconds shows both sides that the connection works.
/// </remarks>
internal sealed class EventsEndpoint(ServerContext site, TimeProvider time)
{
    private static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(15);

    private readonly StatusWatch _watch = new(site, time);
    private readonly ConcurrencyLimiter _clients = new(site.Limits.WatchersMax);

    /// <summary>Adds the route.</summary>
    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/events", SendAsync);

    private async Task SendAsync(HttpContext context)
    {
        string? identity = QueryParameters.Of(context, "identity").Text("identity");
        site.RefuseWhenStopping("watching");
        using IDisposable slot = _clients.TryTake(TokenGuard.IsOwner(context)) ?? throw ProblemException.Limit(
            ProblemTypes.TooManyStreams, "watchers-max", _clients.Max,
            $"{_clients.Max} clients watch, and no more may.");
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate) rate.MinDataRate = null;
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, site.Stopping);
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        if (RequestRules.IsHead(context)) return;
        using IDisposable membership = _watch.Join(identity);
        try
        {
            await PumpAsync(context.Response.BodyWriter, identity, ends.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (ends.IsCancellationRequested)
        {
            // The client disconnected or the server stops: the stream ends, and a connected client reconnects.
        }
    }

    private async Task PumpAsync(PipeWriter output, string? identity, CancellationToken ends)
    {
        StatusPicture sent = StatusPicture.Empty;
        output.Write("retry: 1000\n\n"u8);
        await output.FlushAsync(ends).ConfigureAwait(false);
        while (true)
        {
            StatusPicture? next = await NextAsync(sent.Number, ends).ConfigureAwait(false);
            if (next is null) output.Write(": still here\n\n"u8);
            else
            {
                WriteChanges(output, identity, sent, next);
                if (sent.Number == 0) output.Write("event: ready\ndata: {}\n\n"u8);
                sent = next;
            }

            FlushResult flushed = await output.FlushAsync(ends).ConfigureAwait(false);
            if (flushed.IsCompleted) return;
        }
    }

    private async Task<StatusPicture?> NextAsync(long beyond, CancellationToken ends)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(ends);
        Task<StatusPicture> next = _watch.NextAsync(beyond, silence.Token);
        Task first = await Task.WhenAny(next, Task.Delay(SilenceMax, time, silence.Token)).ConfigureAwait(false);
        await silence.CancelAsync().ConfigureAwait(false);
        ends.ThrowIfCancellationRequested();
        return first == next ? await next.ConfigureAwait(false) : null;
    }

    private static void WriteChanges(PipeWriter output, string? identity, StatusPicture sent, StatusPicture next)
    {
        foreach ((PartKey key, StatusPart part) in next.Parts)
        {
            bool isOld = sent.Parts.TryGetValue(key, out StatusPart? old) && old == part;
            if (!isOld && Concerns(key, identity)) Write(output, key.Event, part.Json.Span);
        }

        foreach (PartKey key in sent.Parts.Keys)
        {
            if (next.Parts.ContainsKey(key) || !Concerns(key, identity)) continue;
            StatusPart gone = StatusPart.Make(json =>
            {
                json.WriteStartObject();
                json.WriteString("identity", key.Identity);
                json.WriteString("view", key.View);
                json.WriteEndObject();
            }, null);
            Write(output, "gone", gone.Json.Span);
        }
    }

    private static bool Concerns(PartKey key, string? identity) => key.View.Length == 0 || key.Identity == identity;

    private static void Write(PipeWriter output, string name, ReadOnlySpan<byte> json)
    {
        output.Write(Encoding.ASCII.GetBytes($"event: {name}\ndata: "));
        output.Write(json);
        output.Write("\n\n"u8);
    }
}
