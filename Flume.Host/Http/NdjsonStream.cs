using System.Text.Json;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Flume.Host.Http;

/// <summary>Answers a request with a stream of JSON lines, at the pace of its reader.</summary>
/// <remarks>
/// 1. Lines are sent when a buffer is full, and at once when the source has nothing more at hand: so live items arrive
/// immediately and scans in large pieces.
/// 2. An error before the first line is a problem document. After it, the last line is <c>{"$error":{…}}</c> with
/// that document, and the connection is cut a moment later, so that no client takes the stream for complete.
/// 3. When the client goes the source is cancelled and disposed. When the server stops, an idle source is.
/// </remarks>
internal sealed class NdjsonStream(HttpContext context, CancellationToken stopping)
{
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(100);

    // Cutting a connection drops what is still on its way: so long the last line may take to arrive.
    private static readonly TimeSpan Farewell = TimeSpan.FromMilliseconds(500);

    private readonly NdjsonWriter writer = new(context.Response.BodyWriter);

    /// <summary>Called once, just before the first byte is sent.</summary>
    public required Action<HttpResponse> SetHeaders { get; init; }

    /// <summary>
    /// Completes when the answer is known to be a stream, though no item may come for long: only then may the
    /// headers go.
    /// Null when nothing but the source itself can be wrong, which shows at once.
    /// </summary>
    public Task? Opened { get; init; }

    /// <summary>
    /// Sends every item that <paramref name="open"/> gives, each written as one line by <paramref name="write"/>.
    /// </summary>
    public async Task SendAsync<T>(Func<CancellationToken, IAsyncEnumerable<T>> open, Action<NdjsonWriter, T> write)
    {
        // A reader may rest for as long as it likes: back-pressure is the limit, not a rate.
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate) rate.MinDataRate = null;
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        IAsyncEnumerator<T> items = open(ends.Token).GetAsyncEnumerator(ends.Token);
        try
        {
            await using (items.ConfigureAwait(false))
            {
                await PumpAsync(items, write, ends).ConfigureAwait(false);
            }
        }
        catch (Exception error) when (context.Response.HasStarted || writer.HasWritten)
        {
            await CutAsync(error).ConfigureAwait(false);
        }
    }

    private async Task PumpAsync<T>(
        IAsyncEnumerator<T> items, Action<NdjsonWriter, T> write, CancellationTokenSource ends)
    {
        bool more = await FirstAsync(items, ends).ConfigureAwait(false);
        while (more)
        {
            write(writer, items.Current);
            ValueTask<bool> next = items.MoveNextAsync();
            bool mustSend = writer.IsFull || !next.IsCompleted;
            if (mustSend && !await writer.FlushAsync(CancellationToken.None).ConfigureAwait(false))
                await ends.CancelAsync().ConfigureAwait(false);
            more = next.IsCompleted
                ? await next.ConfigureAwait(false)
                : await IdleAsync(next, ends).ConfigureAwait(false);
        }

        await writer.FlushAsync(CancellationToken.None).ConfigureAwait(false);
    }

    private async Task<bool> FirstAsync<T>(IAsyncEnumerator<T> items, CancellationTokenSource ends)
    {
        ValueTask<bool> first = items.MoveNextAsync();
        if (first.IsCompleted)
        {
            bool any = await first.ConfigureAwait(false);
            Begin();
            return any;
        }

        Task<bool> waiting = IdleAsync(first, ends).AsTask();
        await Task.WhenAny(waiting, Opened ?? Task.Delay(Grace, ends.Token)).ConfigureAwait(false);
        if (waiting.IsFaulted || waiting.IsCanceled) return await waiting.ConfigureAwait(false);
        Begin();
        if (!waiting.IsCompleted) await context.Response.StartAsync(CancellationToken.None).ConfigureAwait(false);
        if (!waiting.IsCompleted) await writer.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        return await waiting.ConfigureAwait(false);
    }

    /// <summary>Waits for an item that may never come: a stop of the server ends that, and only that.</summary>
    private async ValueTask<bool> IdleAsync(ValueTask<bool> next, CancellationTokenSource ends)
    {
        using CancellationTokenRegistration stop = stopping.Register(
            static ends => ((CancellationTokenSource)ends!).Cancel(), ends);
        return await next.ConfigureAwait(false);
    }

    private void Begin()
    {
        context.Response.StatusCode = StatusCodes.Status200OK;
        context.Response.ContentType = NdjsonWriter.MediaType;
        context.Response.Headers.CacheControl = "no-store";
        SetHeaders(context.Response);
    }

    private async Task CutAsync(Exception error)
    {
        if (!context.RequestAborted.IsCancellationRequested)
        {
            ProblemException problem = error is OperationCanceledException && stopping.IsCancellationRequested
                ? new ProblemException(
                    ProblemTypes.Stopping, "The server is stopping: the stream ended before its end.")
                : Problems.From(error);
            using MemoryStream document = new();
            using (Utf8JsonWriter json = new(document, JsonText.Plain)) Problems.WriteDocument(json, problem);
            writer.Write("{\"$error\":"u8);
            writer.Write(document.GetBuffer().AsSpan(0, (int)document.Length));
            writer.Write("}\n"u8);
            await writer.FlushAsync(CancellationToken.None).ConfigureAwait(false);
            Task farewell = Task.Delay(Farewell, context.RequestAborted);
            await farewell.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        context.Abort();
    }
}
