using System.Diagnostics;
using System.Runtime.CompilerServices;
using Flume.Log;
using Flume.Query.Json;
using Flume.Ssb.Api;
using Flume.Views.Registered;
using Flume.Views.Store;

namespace Flume.Actors;

/// <summary>
/// One client's place at a client view: sends what the view lacks, and never more than the client can be behind with.
/// </summary>
/// <remarks>
/// A turn begins with <c>{turn, since, version, state}</c>: what is stored. Batches follow,
/// <c>{turn, since, head, seqs, values}</c>, each up to its since; the client commits what it made of them when it
/// likes, before the window is full. While the view is paused or faulted nothing is sent. When its rows are begun
/// anew, another turn begins.
/// </remarks>
internal sealed class ClientViewSource(ServingView serving, IIdentity identity, RegisteredLimits limits) : IDisposable
{
    private readonly ClientViewSession _clientSession = serving.ClientSession!;
    private readonly FeedBatch _batch = new(identity);
    private long _client;

    /// <summary>Sends turn after turn, until cancelled.</summary>
    /// <exception cref="ApiException">Another client came.</exception>
    public async IAsyncEnumerable<JsValue> RunAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        _client = _clientSession.Attach();
        while (true)
        {
            Task changed = _clientSession.Changed.Next;
            if (Place() is not { } context) await changed.WaitAsync(cancel).ConfigureAwait(false);
            else if (TryStart(context, out JsValue start, out Offset since))
            {
                yield return start;
                await foreach (JsValue batch in TurnAsync(context.Epoch, since, cancel).ConfigureAwait(false))
                    yield return batch;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _clientSession.Detach(_client);

    private (long Epoch, IViewStore Store)? Place()
    {
        try
        {
            return _clientSession.PlaceOf(_client);
        }
        catch (ClientReplacedException)
        {
            throw ActorViews.Refused(
                $"Another client runs view '{serving.View.Name}' now, so this feed ends. Only one can.");
        }
    }

    private bool TryStart((long Epoch, IViewStore Store) context, out JsValue start, out Offset since)
    {
        (start, since) = (default, default);
        try
        {
            using IViewReader rows = context.Store.OpenReader();
            since = rows.Checkpoint.Since;
            JsObject item = new JsObject().Set("turn", JsValue.From((double)context.Epoch))
                .Set("since", JsValue.From((double)since.Value))
                .Set("version", JsValue.From((double)serving.View.Version));
            if (rows.TryGet(RegisteredRows.State, out byte[] state)) item.Set("state", JsValue.Parse(state));
            start = JsValue.From(item.Set("limits", JsValue.From(new JsObject()
                .Set("windowBytes", JsValue.From((double)limits.FeedWindowBytes))
                .Set("stateBytes", JsValue.From((double)limits.StateBytesMax)))));
            return true;
        }
        catch (ObjectDisposedException)
        {
            // Just replaced: another turn begins.
            return false;
        }
    }

    private async IAsyncEnumerable<JsValue> TurnAsync(
        long epoch, Offset since, [EnumeratorCancellation] CancellationToken cancel)
    {
        long started = Stopwatch.GetTimestamp();
        while (true)
        {
            Task changed = _clientSession.Changed.Next;
            if (Place()?.Epoch != epoch) yield break;
            if (_clientSession.UnconfirmedBytes >= limits.FeedWindowBytes)
            {
                await changed.WaitAsync(cancel).ConfigureAwait(false);
                continue;
            }

            await RestAsync(Stopwatch.GetElapsedTime(started), cancel).ConfigureAwait(false);
            started = Stopwatch.GetTimestamp();
            if (!_batch.Fill(epoch, since, limits.FeedBatchBytes))
            {
                await NewsAsync(since, changed, cancel).ConfigureAwait(false);
                continue;
            }

            if (!_clientSession.TrySend(epoch, new SentBatch(_batch.Since, _batch.Records, _batch.Bytes))) yield break;
            since = _batch.Since;
            yield return _batch.ToJsValue();
        }
    }

    /// <summary>
    /// Sending, and the client's work on what was sent, take no more of the time than the view's budget.
    /// </summary>
    private Task RestAsync(TimeSpan worked, CancellationToken cancel)
    {
        IndexBudget budget = serving.Tracker.OperatorState.Budget;
        TimeSpan rest = worked * ((1 / budget.Share) - 1);
        if (budget.RecordsPerSecond is { } rate)
            rest = TimeSpan.FromSeconds(Math.Max(rest.TotalSeconds, (_batch.Records / rate) - worked.TotalSeconds));
        return rest <= TimeSpan.Zero ? Task.CompletedTask : Task.Delay(rest, cancel);
    }

    private async Task NewsAsync(Offset since, Task changed, CancellationToken cancel)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Task news = identity.WaitForHeadAsync(since, enough.Token).AsTask();
        Task first = await Task.WhenAny(news, changed).ConfigureAwait(false);
        if (first == news) await news.ConfigureAwait(false);
        await enough.CancelAsync().ConfigureAwait(false);
        await news.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancel.ThrowIfCancellationRequested();
    }
}
