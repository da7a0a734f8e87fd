using System.Runtime.CompilerServices;
using Flume.Log;
using Flume.Query.Json;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;
using Flume.Ssb.Reading;
using Flume.Views.Store;

namespace Flume.Ssb.Publishing;

/// <summary>Appends messages to one identity's log: its own, and others' that validate.</summary>
/// <remarks>
/// 1. One message at a time: each must follow the one before it, or the feed forks.
/// 2. Where feeds stand is remembered only while nobody else appends; after that it is asked of the feeds view again,
/// as fresh as the head.
/// 3. An append that fails (unknown whether written) forgets all states, so that the next one looks at the log.
/// </remarks>
internal sealed class FeedWriter(IIdentity identity, TimeProvider time)
{
    private static readonly ConditionalWeakTable<IIdentity, FeedWriter> Writers = [];
    private readonly SemaphoreSlim _one = new(1);
    private readonly MonotonicClock _published = new(time);
    private readonly MonotonicClock _received = new(time);
    private readonly Dictionary<string, FeedState?> _states = new(StringComparer.Ordinal);
    private Offset _head = Offset.None;
    private bool _isComplete;

    /// <summary>The one writer of an identity.</summary>
    internal static FeedWriter Of(IIdentity identity) =>
        Writers.GetValue(identity, static identity => new FeedWriter(identity, TimeProvider.System));

    /// <summary>Signs and appends the next message of the identity's own feed; returns it as stored.</summary>
    /// <exception cref="ApiException">The content can't be published, or the identity has no keys.</exception>
    internal async ValueTask<JsValue> PublishAsync(ApiCall call, JsValue content)
    {
        FeedKeys keys = identity.Keys ?? throw ApiException.Error(
            $"Identity '{identity.Name}' has no keys, so it can't publish. Put a secret file into its directory.");
        if (!PrivateContent.TryBox(content, out JsValue boxed, out string? problem)) throw ApiException.Error(problem!);
        await _one.WaitAsync(call.Cancelled).ConfigureAwait(false);
        try
        {
            FeedState? state = await StateAsync(call, keys.Id).ConfigureAwait(false);
            ForkGuard.ThrowIfForking(identity, state?.Sequence ?? 0);
            OwnFeedClaims.Of(identity).ThrowIfBehind(identity.Name, state?.Sequence ?? 0);
            if (!new MessageAuthor(keys).TryWrite(state, boxed, _published.Next(), out JsObject message, out InvalidMessage? wrong))
                throw Invalid(wrong!);
            return (await AppendAsync(call, [JsValue.From(message)]).ConfigureAwait(false))[0];
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>
    /// Validates messages in order and appends those that are valid, in one write; returns them as stored.
    /// </summary>
    /// <param name="call">The call.</param>
    /// <param name="messages">Values with signatures.</param>
    /// <param name="skipInvalid">True to leave out what is invalid; false to append nothing and throw.</param>
    internal async ValueTask<IReadOnlyList<JsValue>> AddAsync(
        ApiCall call, IReadOnlyList<JsValue> messages, bool skipInvalid)
    {
        await _one.WaitAsync(call.Cancelled).ConfigureAwait(false);
        try
        {
            List<JsValue> valid = [];
            foreach (JsValue message in messages)
            {
                FeedState? state = await StateAsync(call, message["author"] is { IsString: true } author ? author.AsString : "")
                    .ConfigureAwait(false);
                InvalidMessage? wrong = MessageValidator.Check(state, message);
                if (wrong is not null && !skipInvalid) throw Invalid(wrong);
                if (wrong is not null) continue;
                Advance(message);
                valid.Add(message);
            }
            return await AppendAsync(call, valid).ConfigureAwait(false);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>
    /// Appends verified messages in one write, durable when it returns; those that no longer follow their feed are left out.
    /// </summary>
    /// <returns>How many were appended.</returns>
    internal async ValueTask<int> AppendVerifiedAsync(ApiCall call, IReadOnlyList<VerifiedMessage> messages)
    {
        await _one.WaitAsync(call.Cancelled).ConfigureAwait(false);
        try
        {
            await LoadAllAsync(call).ConfigureAwait(false);
            List<ReadOnlyMemory<byte>> payloads = new(messages.Count);
            foreach (VerifiedMessage message in messages)
            {
                if (_states.GetValueOrDefault(message.Author)?.Id != message.Follows?.Id) continue;
                payloads.Add(StoredRecord.Encode(message.State.Id, message.Value, _received.Next()));
                _states[message.Author] = message.State;
            }
            if (payloads.Count > 0) await WriteAsync(call, payloads).ConfigureAwait(false);
            return payloads.Count;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Where every feed stands.</summary>
    internal async ValueTask<IReadOnlyDictionary<string, FeedState>> StatesAsync(ApiCall call)
    {
        await _one.WaitAsync(call.Cancelled).ConfigureAwait(false);
        try
        {
            await LoadAllAsync(call).ConfigureAwait(false);
            return _states.Where(static feed => feed.Value is not null)
                .ToDictionary(static feed => feed.Key, static feed => feed.Value!, StringComparer.Ordinal);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Learns where every feed stands, unless that is known.</summary>
    private async ValueTask LoadAllAsync(ApiCall call)
    {
        if (_isComplete && identity.Log.Head == _head) return;
        Offset head = identity.Log.Head;
        using ViewRead read = await identity.ReadAsync("feeds", ReadFreshness.Fresh, call.Cancelled).ConfigureAwait(false);
        _states.Clear();
        foreach (JsValue newest in new FeedTable(identity, read.Rows).Newest(call.Cancelled))
            if (newest["value"]["author"] is { IsString: true } author) _states[author.AsString] = StateOf(newest);
        (_head, _isComplete) = (head, true);
    }

    private async ValueTask WriteAsync(ApiCall call, IReadOnlyList<ReadOnlyMemory<byte>> payloads)
    {
        try
        {
            Appended appended = await identity.AppendAsync(payloads, Durability.Fsync, call.Cancelled).ConfigureAwait(false);
            if (appended.Last == appended.Head && appended.Offsets.Count > 0) _head = appended.Head;
        }
        catch
        {
            _states.Clear();
            (_head, _isComplete) = (Offset.None, false);
            throw;
        }
    }

    private async ValueTask<IReadOnlyList<JsValue>> AppendAsync(ApiCall call, IReadOnlyList<JsValue> messages)
    {
        JsValue[] stored = new JsValue[messages.Count];
        ReadOnlyMemory<byte>[] payloads = new ReadOnlyMemory<byte>[messages.Count];
        for (int i = 0; i < stored.Length; i++)
        {
            JsObject record = StoredRecord.Of(new CanonicalMessage(messages[i]).Id, messages[i], _received.Next());
            stored[i] = JsValue.From(record);
            payloads[i] = JsWriter.ToUtf8(stored[i]);
            Advance(messages[i]);
        }
        if (stored.Length == 0) return stored;
        await WriteAsync(call, payloads).ConfigureAwait(false);
        return stored;
    }

    private void Advance(JsValue message) => _states[message["author"].AsString] = new FeedState(
        new CanonicalMessage(message).Id, (long)message["sequence"].AsNumber, message["timestamp"].AsNumber);

    private async ValueTask<FeedState?> StateAsync(ApiCall call, string feed)
    {
        if (identity.Log.Head != _head)
        {
            _states.Clear();
            (_head, _isComplete) = (identity.Log.Head, false);
        }
        if (_states.TryGetValue(feed, out FeedState? known) || _isComplete) return known;
        using ViewRead read = await identity.ReadAsync("feeds", ReadFreshness.Fresh, call.Cancelled).ConfigureAwait(false);
        JsValue newest = new FeedTable(identity, read.Rows).NewestOf(feed);
        return _states[feed] = newest.IsUndefined ? null : StateOf(newest);
    }

    private static FeedState StateOf(JsValue stored) => new(
        stored["key"].AsString, (long)Number(stored["value"]["sequence"]), Number(stored["value"]["timestamp"]));

    private static double Number(JsValue value) => value.IsNumber ? value.AsNumber : 0;

    private static ApiException Invalid(InvalidMessage wrong) => new(wrong.Fatal ? "FatalError" : "Error", wrong.Reason);
}
