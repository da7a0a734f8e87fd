using Flume.Log;
using Flume.Query.Json;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;
using Flume.Ssb.Reading;

namespace Flume.Ssb.Publishing;

/// <summary>Appends messages of feeds to one identity's log: its own, signed here, and those of others that validate.</summary>
/// <remarks>
/// 1. One batch at a time. It is signed for one head, and the log's writer appends it behind that head only; otherwise
/// the records between are read and the batch is made anew.
/// 2. A batch that is on its way to the log has no cancellation: a caller that leaves stops waiting.
/// 3. After an append whose outcome is unknown all states are forgotten. An empty append behind it tells that the log's
/// writer is done with it; only then states are read again.
/// 4. A message that waits and whose caller has left is not signed.
/// Members may be called from any thread. Messages enter in the order of the calls.
/// </remarks>
public sealed class FeedPublisher
{
    private const int WaitingMax = 100_000;
    private const int BatchMessagesMax = 256;
    private const int TriesMax = 20;
    private const int TriesBeforeHolding = 2;

    private readonly IIdentity _identity;
    private readonly FeedStates _states;
    private readonly MonotonicClock _published;
    private readonly MonotonicClock _received;
    private readonly Lock _waiting = new();
    private readonly Queue<FeedRequest> _requests = new();
    private bool _isRunning;
    private bool _isOutcomeUnknown;

    /// <summary>The publisher of an identity, which has no other.</summary>
    public FeedPublisher(IIdentity identity, TimeProvider time)
    {
        _identity = identity;
        _states = new FeedStates(identity);
        (_published, _received) = (new MonotonicClock(time), new MonotonicClock(time));
    }

    /// <summary>Signs and appends the next message of the identity's own feed; returns it as stored.</summary>
    /// <exception cref="ApiException">The content can't be published, or the identity has no keys.</exception>
    /// <exception cref="AppendRejectedException">Nothing was appended.</exception>
    /// <exception cref="AppendFailedException">Whether it was appended is unknown.</exception>
    public async ValueTask<JsValue> PublishAsync(JsValue content, CancellationToken cancel)
    {
        FeedKeys keys = _identity.Keys ?? throw ApiException.Error(
            $"Identity '{_identity.Name}' has no keys, so it can't publish. Put a secret file into its directory.");
        if (!PrivateContent.TryBox(content, out JsValue boxed, out string? problem)) throw ApiException.Error(problem!);
        return (await EnterAsync(new PublishRequest(keys, boxed, cancel)).ConfigureAwait(false))[0];
    }

    /// <summary>Validates messages in order and appends those that are valid, in one write; returns them as stored.</summary>
    /// <param name="messages">Values with signatures.</param>
    /// <param name="skipInvalid">True to leave out what is invalid; false to append nothing and throw.</param>
    /// <param name="cancel">Stops the waiting, not the write.</param>
    /// <exception cref="ApiException">A message is invalid.</exception>
    /// <inheritdoc cref="PublishAsync"/>
    public ValueTask<IReadOnlyList<JsValue>> AddAsync(
        IReadOnlyList<JsValue> messages, bool skipInvalid, CancellationToken cancel) =>
        EnterAsync(new AddRequest(messages, skipInvalid, cancel));

    /// <summary>How far the own feed is according to peers.</summary>
    internal OwnFeedClaims Claims { get; } = new();

    /// <summary>
    /// Appends verified messages in one write, durable when it returns. Messages that do not follow their feed any more are
    /// left out.
    /// </summary>
    /// <returns>The number of appended messages.</returns>
    internal async ValueTask<int> AppendVerifiedAsync(IReadOnlyList<VerifiedMessage> messages)
    {
        VerifiedRequest request = new(messages);
        await EnterAsync(request).ConfigureAwait(false);
        return request.Appended;
    }

    /// <summary>The state of every feed in the log, as of the head at the call.</summary>
    internal async ValueTask<IReadOnlyDictionary<string, FeedState>> StatesAsync(CancellationToken cancel)
    {
        using ViewRead read = await _identity.ReadAsync("feeds", ReadFreshness.Fresh, cancel).ConfigureAwait(false);
        Dictionary<string, FeedState> states = new(StringComparer.Ordinal);
        foreach (JsValue newest in new FeedTable(_identity, read.Rows).Newest(cancel))
        {
            if (newest["value"]["author"] is { IsString: true } author && FeedStates.StateAt(newest) is { } state)
                states[author.AsString] = state;
        }

        return states;
    }

    /// <summary>Throws if the next message of the identity's own feed has to name the message at an offset.</summary>
    /// <exception cref="ApiException">It is the newest of the own feed.</exception>
    internal async ValueTask ThrowIfNewestAsync(Offset offset, CancellationToken cancel)
    {
        if (_identity.Keys is not { } keys || OwnKeyAt(offset, keys.Id) is not { IsUndefined: false } key) return;
        await EnterAsync(new KeepNewestRequest(keys.Id, key, cancel)).ConfigureAwait(false);
    }

    /// <summary>The key of the own message at an offset; undefined where none can be read: the log then says why.</summary>
    private JsValue OwnKeyAt(Offset offset, string own)
    {
        try
        {
            return new MessageReader(_identity).TryStored(offset, out JsValue message)
                && message["value"]["author"] is { IsString: true } author && author.AsString == own
                    ? message["key"]
                    : JsValue.Undefined;
        }
        catch (LogException)
        {
            return JsValue.Undefined;
        }
    }

    private async ValueTask<IReadOnlyList<JsValue>> EnterAsync(FeedRequest request)
    {
        lock (_waiting)
        {
            if (_requests.Count >= WaitingMax)
                throw new AppendRejectedException(AppendRejection.Busy,
                    $"{WaitingMax} messages wait to be appended to identity '{_identity.Name}'. "
                    + "Nothing of this one was appended; try again.");
            _requests.Enqueue(request);
            if (!_isRunning) _ = Task.Run(RunAsync);
            _isRunning = true;
        }

        return await request.Answered.WaitAsync(request.Cancelled).ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        while (TakeBatch() is { Count: > 0 } batch)
        {
            try
            {
                await AppendAsync(batch).ConfigureAwait(false);
            }
            catch (Exception cause)
            {
                foreach (FeedRequest request in batch) request.Fail(cause);
            }
        }
    }

    private List<FeedRequest> TakeBatch()
    {
        List<FeedRequest> batch = [];
        lock (_waiting)
        {
            int messages = 0;
            while (messages < BatchMessagesMax && _requests.TryDequeue(out FeedRequest? request))
            {
                if (request.DropIfCancelled()) continue;
                batch.Add(request);
                messages += request.Messages;
            }

            _isRunning = batch.Count > 0;
        }

        return batch;
    }

    private async Task AppendAsync(List<FeedRequest> batch)
    {
        await KnowOutcomeAsync().ConfigureAwait(false);
        for (int tries = 1; ; tries++)
        {
            await _states.LearnAsync(batch.SelectMany(request => request.Feeds)).ConfigureAwait(false);
            FeedDraft draft = new(_identity, _states, _published, _received);
            foreach (FeedRequest request in batch) request.Write(draft);
            if (draft.Payloads.Count == 0 || await TryAppendAsync(draft, tries).ConfigureAwait(false)) break;
        }

        foreach (FeedRequest request in batch) request.Answer();
    }

    /// <summary>False when the head moved and the batch has to be made anew.</summary>
    private async Task<bool> TryAppendAsync(FeedDraft draft, int tries)
    {
        AppendTerms terms = new(Durability.Fsync)
        {
            ExpectedHead = _states.Head, HoldsOthers = tries > TriesBeforeHolding,
        };
        try
        {
            Appended appended = await _identity.AppendAsync(draft.Payloads, terms, CancellationToken.None).ConfigureAwait(false);
            _states.Accept(draft.States, appended.Last);
            return true;
        }
        catch (AppendRejectedException rejected) when (rejected.Rejection == AppendRejection.HeadMoved)
        {
            if (tries < TriesMax) return false;
            throw new AppendRejectedException(AppendRejection.Busy,
                $"Nothing was appended: the log of identity '{_identity.Name}' moved {tries} times while its next message "
                + "was signed. Try again.");
        }
        catch
        {
            _isOutcomeUnknown = true;
            throw;
        }
    }

    /// <summary>Waits until the log's writer is done with everything that was sent to it before.</summary>
    private async Task KnowOutcomeAsync()
    {
        if (!_isOutcomeUnknown) return;
        _states.Forget();
        try
        {
            await _identity.AppendAsync([], Durability.Os, CancellationToken.None).ConfigureAwait(false);
        }
        catch (AppendFailedException late)
        {
            throw new AppendRejectedException(AppendRejection.Busy,
                $"Nothing was appended: whether an earlier message of identity '{_identity.Name}' was written is not known "
                + $"yet. {late.Message}");
        }

        _isOutcomeUnknown = false;
    }
}
