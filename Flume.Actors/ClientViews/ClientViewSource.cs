using System.Diagnostics;
using System.Runtime.CompilerServices;
using Flume.Log;
using Flume.Query.Json;
using Flume.Ssb.Api;
using Flume.Views.Registered;
using Flume.Views.Store;

namespace Flume.Actors;

/// <summary>
/// The feed of one client of a client view: sends the entries that the view lacks, within a window.
/// </summary>
/// <remarks>
/// An epoch begins with <c>{turn, since, version, state}</c>: the stored state; <c>turn</c> is the epoch. Batches
/// follow: <c>{turn, since, head, seqs, values}</c>, each up to its since. The client commits the derived rows at any
/// time before the window is full. The feed pauses while the view is paused or faulted. A replaced store starts
/// another epoch.
/// </remarks>
internal sealed class ClientViewSource(ServingView serving, IIdentity identity, RegisteredLimits limits) : IDisposable
{
    private readonly ClientViewSession _session = serving.ClientSession!;
    private readonly FeedBatch _batch = new(identity);
    private long _client;

    /// <summary>Sends epoch after epoch, until cancelled.</summary>
    /// <exception cref="ApiException">Another client attached.</exception>
    public async IAsyncEnumerable<JsValue> RunAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        _client = _session.Attach();
        while (true)
        {
            Task changed = _session.Changed.Next;
            if (Position() is not { } position) await changed.WaitAsync(cancel).ConfigureAwait(false);
            else if (TryStart(position, out JsValue start, out Offset since))
            {
                yield return start;
                await foreach (JsValue batch in EpochAsync(position.Epoch, since, cancel).ConfigureAwait(false))
                    yield return batch;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Detach(_client);

    private (long Epoch, IViewStore Store)? Position()
    {
        try
        {
            return _session.PlaceOf(_client);
        }
        catch (ClientReplacedException)
        {
            throw ActorViews.Refused(
                $"Another client runs view '{serving.View.Name}' now, so this feed ends. A view has one client.");
        }
    }

    private bool TryStart((long Epoch, IViewStore Store) position, out JsValue start, out Offset since)
    {
        (start, since) = (default, default);
        try
        {
            using IViewReader rows = position.Store.OpenReader();
            since = rows.Checkpoint.Since;
            JsObject item = new JsObject().Set("turn", JsValue.From((double)position.Epoch))
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
            // The store was just replaced: another epoch begins.
            return false;
        }
    }

    private async IAsyncEnumerable<JsValue> EpochAsync(
        long epoch, Offset since, [EnumeratorCancellation] CancellationToken cancel)
    {
        long started = Stopwatch.GetTimestamp();
        while (true)
        {
            Task changed = _session.Changed.Next;
            if (Position()?.Epoch != epoch) yield break;
            if (_session.UnconfirmedBytes >= limits.FeedWindowBytes)
            {
                await changed.WaitAsync(cancel).ConfigureAwait(false);
                continue;
            }

            await RestAsync(Stopwatch.GetElapsedTime(started), cancel).ConfigureAwait(false);
            started = Stopwatch.GetTimestamp();
            if (!_batch.Fill(epoch, since, limits.FeedBatchBytes))
            {
                await HeadOrChangeAsync(since, changed, cancel).ConfigureAwait(false);
                continue;
            }

            if (!_session.TrySend(epoch, new SentBatch(_batch.Since, _batch.Records, _batch.Bytes))) yield break;
            since = _batch.Since;
            yield return _batch.ToJsValue();
        }
    }

    /// <summary>
    /// Waits, so that sending and the client's work take at most the share of time that the view's budget allows.
    /// </summary>
    private Task RestAsync(TimeSpan worked, CancellationToken cancel)
    {
        IndexBudget budget = serving.Tracker.OperatorState.Budget;
        TimeSpan rest = worked * ((1 / budget.Share) - 1);
        if (budget.RecordsPerSecond is { } rate)
            rest = TimeSpan.FromSeconds(Math.Max(rest.TotalSeconds, (_batch.Records / rate) - worked.TotalSeconds));
        return rest <= TimeSpan.Zero ? Task.CompletedTask : Task.Delay(rest, cancel);
    }

    private async Task HeadOrChangeAsync(Offset since, Task changed, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Task headChange = identity.WaitForHeadAsync(since, stop.Token).AsTask();
        Task first = await Task.WhenAny(headChange, changed).ConfigureAwait(false);
        if (first == headChange) await headChange.ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        await headChange.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancel.ThrowIfCancellationRequested();
    }
}
