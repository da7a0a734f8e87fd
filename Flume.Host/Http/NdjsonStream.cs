using System.Text.Json;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Flume.Host.Http;

/// <summary>Answers a request with a stream of JSON lines, with back-pressure from the reader.</summary>
/// <remarks>
/// 1. Lines are sent when a buffer is full, or when the source has no more items ready. Live items are therefore sent
/// immediately and scans in large blocks.
/// 2. An error before the first line is a problem document. A later error is the last line, <c>{"$error":{…}}</c> with
/// that document. The connection is aborted a moment later, so that the client detects an incomplete stream.
/// 3. A client that disconnects cancels and disposes the source. A stop of the server cancels an idle source.
/// </remarks>
internal sealed class NdjsonStream(HttpContext context, CancellationToken stopping)
{
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(100);

    // An aborted connection drops unsent bytes, so the last line gets this time to arrive.
    private static readonly TimeSpan Farewell = TimeSpan.FromMilliseconds(500);

    private readonly NdjsonWriter _writer = new(context.Response.BodyWriter);

    /// <summary>Called once, immediately before the first byte is sent.</summary>
    public required Action<HttpResponse> SetHeaders { get; init; }

    /// <summary>
    /// Completes when the answer is known to be a stream, even if no item is ready. The headers are sent only then.
    /// Null when only the source itself can fail, which it does at its first item.
    /// </summary>
    public Task? Opened { get; init; }

    /// <summary>
    /// Sends every item that <paramref name="open"/> returns; <paramref name="write"/> writes each as one line.
    /// </summary>
    public async Task SendAsync<T>(Func<CancellationToken, IAsyncEnumerable<T>> open, Action<NdjsonWriter, T> write)
    {
        if (RequestRules.IsHead(context))
        {
            Begin();
            return;
        }

        // The reader may pause without limit: back-pressure bounds the memory, so no minimum rate applies.
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
        catch (Exception error) when (context.Response.HasStarted || _writer.HasWritten)
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
            write(_writer, items.Current);
            ValueTask<bool> next = items.MoveNextAsync();
            bool mustSend = _writer.IsFull || !next.IsCompleted;
            if (mustSend && !await _writer.FlushAsync(CancellationToken.None).ConfigureAwait(false))
                await ends.CancelAsync().ConfigureAwait(false);
            more = next.IsCompleted
                ? await next.ConfigureAwait(false)
                : await IdleAsync(next, ends).ConfigureAwait(false);
        }

        await _writer.FlushAsync(CancellationToken.None).ConfigureAwait(false);
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
        if (!waiting.IsCompleted) await _writer.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        return await waiting.ConfigureAwait(false);
    }

    /// <summary>Waits for an item that may never come; only a stop of the server ends this wait.</summary>
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
            _writer.Write("{\"$error\":"u8);
            _writer.Write(document.GetBuffer().AsSpan(0, (int)document.Length));
            _writer.Write("}\n"u8);
            await _writer.FlushAsync(CancellationToken.None).ConfigureAwait(false);
            Task farewell = Task.Delay(Farewell, context.RequestAborted);
            await farewell.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        context.Abort();
    }
}
