using Flume.Log;
using Flume.Query.Json;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;
using Flume.Ssb.Reading;

namespace Flume.Ssb.Publishing;

/// <summary>Appends messages to one identity's log: signs own messages, and validates messages of others.</summary>
/// <remarks>
/// 1. One batch runs at a time. Its messages are signed for one head, and the log's writer appends it only after that
///    head. If the head moved, the publisher reads the records between and builds the batch again.
/// 2. A submitted batch cannot be cancelled. A caller that leaves only stops waiting.
/// 3. After an append with an unknown outcome, all states are discarded. An empty append then waits until the log's
///    writer has processed the batch. Only after that are states read again.
/// 4. A queued message is not signed if its caller has left.
/// Any thread may call the members. Messages are appended in the order of the calls.
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

    /// <summary>Creates the publisher of an identity. An identity has only one.</summary>
    public FeedPublisher(IIdentity identity, TimeProvider time)
    {
        _identity = identity;
        _states = new FeedStates(identity);
        (_published, _received) = (new MonotonicClock(time), new MonotonicClock(time));
    }

    /// <summary>Signs and appends the next message of the identity's own feed. Returns it as stored.</summary>
    /// <exception cref="ApiException">The content is invalid, or the identity has no keys.</exception>
    /// <exception cref="AppendRejectedException">Nothing was appended.</exception>
    /// <exception cref="AppendFailedException">The message may or may not be appended.</exception>
    public async ValueTask<JsValue> PublishAsync(JsValue content, CancellationToken cancel)
    {
        FeedKeys keys = _identity.Keys ?? throw ApiException.Error(
            $"Identity '{_identity.Name}' has no keys, so it cannot publish. Put a secret file into its directory.");
        if (!PrivateContent.TryBox(content, out JsValue boxed, out string? problem)) throw ApiException.Error(problem!);
        return (await EnterAsync(new PublishRequest(keys, boxed, cancel)).ConfigureAwait(false))[0];
    }

    /// <summary>
    /// Validates messages in order and appends the valid ones in one write. Returns them as stored.
    /// </summary>
    /// <param name="messages">Signed messages.</param>
    /// <param name="skipInvalid">True to skip invalid messages. False to append nothing and throw.</param>
    /// <param name="cancel">Stops the wait, not the write.</param>
    /// <exception cref="ApiException">A message is invalid.</exception>
    /// <inheritdoc cref="PublishAsync"/>
    public ValueTask<IReadOnlyList<JsValue>> AddAsync(
        IReadOnlyList<JsValue> messages, bool skipInvalid, CancellationToken cancel) =>
        EnterAsync(new AddRequest(messages, skipInvalid, cancel));

    /// <summary>The newest own sequence that peers announced.</summary>
    internal OwnFeedClaims Claims { get; } = new();

    /// <summary>
    /// Appends verified messages in one write, durable on return. Messages that no longer follow their feed are
    /// skipped.
    /// </summary>
    /// <returns>The number of appended messages.</returns>
    internal async ValueTask<int> AppendVerifiedAsync(IReadOnlyList<VerifiedMessage> messages)
    {
        VerifiedRequest request = new(messages);
        await EnterAsync(request).ConfigureAwait(false);
        return request.Appended;
    }

    /// <summary>The state of every feed in the log, at the head of the call.</summary>
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

    /// <summary>
    /// Throws if the message at an offset is the newest of the own feed. The next message must name it.
    /// </summary>
    /// <exception cref="ApiException">The message is the newest of the own feed.</exception>
    internal async ValueTask ThrowIfNewestAsync(Offset offset, CancellationToken cancel)
    {
        if (_identity.Keys is not { } keys || OwnKeyAt(offset, keys.Id) is not { IsUndefined: false } key) return;
        await EnterAsync(new KeepNewestRequest(keys.Id, key, cancel)).ConfigureAwait(false);
    }

    /// <summary>
    /// The key of the own message at an offset; undefined if it is not readable. The log then reports the cause.
    /// </summary>
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
                    $"{WaitingMax} messages are queued for the log of identity '{_identity.Name}', the maximum. "
                    + "This message was not appended. Try again.");
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
        await AwaitOutcomeAsync().ConfigureAwait(false);
        for (int tries = 1; ; tries++)
        {
            await _states.LearnAsync(batch.SelectMany(request => request.Feeds)).ConfigureAwait(false);
            FeedDraft draft = new(_identity, _states, _published, _received);
            foreach (FeedRequest request in batch) request.Write(draft);
            if (draft.Payloads.Count == 0 || await TryAppendAsync(draft, tries).ConfigureAwait(false)) break;
        }

        foreach (FeedRequest request in batch) request.Answer();
    }

    /// <summary>Appends the batch. False if the head moved, so that the batch must be built again.</summary>
    private async Task<bool> TryAppendAsync(FeedDraft draft, int tries)
    {
        AppendTerms terms = new(Durability.Fsync)
        {
            ExpectedHead = _states.Head, HoldsOthers = tries > TriesBeforeHolding,
        };
        try
        {
            Appended appended = await _identity.AppendAsync(draft.Payloads, terms, CancellationToken.None)
                .ConfigureAwait(false);
            _states.Accept(draft.States, appended.Last);
            return true;
        }
        catch (AppendRejectedException rejected) when (rejected.Rejection == AppendRejection.HeadMoved)
        {
            if (tries < TriesMax) return false;
            throw new AppendRejectedException(AppendRejection.Busy,
                $"Nothing was appended: the log of identity '{_identity.Name}' moved {tries} times while its next "
                + "message was signed. Try again.");
        }
        catch
        {
            _isOutcomeUnknown = true;
            throw;
        }
    }

    /// <summary>Waits until the log's writer has processed all earlier appends.</summary>
    private async Task AwaitOutcomeAsync()
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
                $"Nothing was appended: the outcome of an earlier message of identity '{_identity.Name}' is still "
                + $"unknown. {late.Message}");
        }

        _isOutcomeUnknown = false;
    }
}
