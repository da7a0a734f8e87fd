using System.Collections.Concurrent;
using System.Threading.Channels;
using Flume.Query.Json;
using Flume.Ssb.Messages;
using Flume.Ssb.Publishing;

namespace Flume.Replication.Feeds;

/// <summary>A received message that seems to follow its feed.</summary>
/// <param name="Peer">The connection that received it.</param>
/// <param name="Author">Its author.</param>
/// <param name="Sequence">Its sequence.</param>
/// <param name="Value">The message.</param>
internal readonly record struct ReceivedMessage(int Peer, string Author, long Sequence, JsValue Value);

/// <summary>A refused message.</summary>
/// <param name="Message">The message.</param>
/// <param name="Problem">The reason.</param>
/// <param name="Ours">The id in the log that it should follow; null for none.</param>
internal readonly record struct RejectedMessage(ReceivedMessage Message, InvalidMessage Problem, string? Ours);

/// <summary>Verifies received messages in batches on all cores, and appends them in groups.</summary>
/// <remarks>
/// 1. Messages of one feed are verified in order, different feeds in parallel.
/// 2. One batch is verified while the previous one is written and synced.
/// 3. Both queues are bounded. At the limit the caller waits, so its socket is not read.
/// </remarks>
internal sealed class MessageAcceptor(IFeedStore store, Action<RejectedMessage> reject)
{
    private const int QueueMax = 4096;
    private const int BatchMax = 1024;

    private readonly ConcurrentDictionary<string, FeedState> _heads = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _submitted = new(StringComparer.Ordinal);
    private readonly Channel<ReceivedMessage> _received = Channel.CreateBounded<ReceivedMessage>(
        new BoundedChannelOptions(QueueMax) { SingleReader = true });

    private readonly Channel<List<VerifiedMessage>> _verified = Channel.CreateBounded<List<VerifiedMessage>>(
        new BoundedChannelOptions(1) { SingleReader = true, SingleWriter = true });

    /// <summary>The newest sequence of a feed in the log or submitted to it.</summary>
    public long Expected(string feed) =>
        Math.Max(_submitted.GetValueOrDefault(feed), _heads.TryGetValue(feed, out FeedState? head) ? head.Sequence : 0);

    /// <summary>Marks a message as submitted. <see cref="SubmitAsync"/> must follow.</summary>
    public void Reserve(string feed, long sequence) => _submitted[feed] = sequence;

    /// <summary>Queues a message. Waits while the queue is full.</summary>
    public ValueTask SubmitAsync(ReceivedMessage message, CancellationToken cancel) =>
        _received.Writer.TryWrite(message) ? default : _received.Writer.WriteAsync(message, cancel);

    /// <summary>Handles an appended message of any source.</summary>
    public void Observe(string feed, FeedState state)
    {
        if (!_heads.TryGetValue(feed, out FeedState? head) || head.Sequence < state.Sequence) _heads[feed] = state;
    }

    /// <summary>Runs until cancelled.</summary>
    public Task RunAsync(CancellationToken cancel) => Task.WhenAll(VerifyAsync(cancel), WriteAsync(cancel));

    private async Task VerifyAsync(CancellationToken cancel)
    {
        while (await _received.Reader.WaitToReadAsync(cancel).ConfigureAwait(false))
        {
            List<VerifiedMessage> valid = Verify(Take());
            if (valid.Count > 0) await _verified.Writer.WriteAsync(valid, cancel).ConfigureAwait(false);
        }
    }

    private async Task WriteAsync(CancellationToken cancel)
    {
        await foreach (List<VerifiedMessage> batch in _verified.Reader.ReadAllAsync(cancel).ConfigureAwait(false))
        {
            try
            {
                int appended = await store.AppendAsync(batch).ConfigureAwait(false);
                if (appended < batch.Count) await ReloadAsync(batch, cancel).ConfigureAwait(false);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                await Console.Error.WriteLineAsync(
                    $"flume: {batch.Count} replicated messages were not appended: {error.Message}")
                    .ConfigureAwait(false);
                await ReloadAsync(batch, cancel).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Loads the feed states from the log again, because submitted messages were not appended.</summary>
    private async Task ReloadAsync(List<VerifiedMessage> lost, CancellationToken cancel)
    {
        try
        {
            IReadOnlyDictionary<string, FeedState> states = await store.StatesAsync(cancel).ConfigureAwait(false);
            foreach (string feed in lost.Select(message => message.Author).Distinct())
            {
                _submitted.TryRemove(feed, out _);
                if (states.TryGetValue(feed, out FeedState? state)) _heads[feed] = state;
                else _heads.TryRemove(feed, out _);
            }
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"flume: cannot read the states of feeds: {error.Message}")
                .ConfigureAwait(false);
        }
    }

    private List<ReceivedMessage> Take()
    {
        List<ReceivedMessage> batch = [];
        while (batch.Count < BatchMax && _received.Reader.TryRead(out ReceivedMessage message)) batch.Add(message);
        return batch;
    }

    private List<VerifiedMessage> Verify(List<ReceivedMessage> batch)
    {
        List<ReceivedMessage>[] feeds =
            [.. batch.GroupBy(message => message.Author, StringComparer.Ordinal).Select(feed => feed.ToList())];
        List<VerifiedMessage>[] results = new List<VerifiedMessage>[feeds.Length];
        if (batch.Count == 1) results[0] = VerifyFeed(feeds[0]);
        else Parallel.For(0, feeds.Length, i => results[i] = VerifyFeed(feeds[i]));
        return [.. results.SelectMany(static result => result)];
    }

    private List<VerifiedMessage> VerifyFeed(List<ReceivedMessage> messages)
    {
        string author = messages[0].Author;
        List<VerifiedMessage> valid = new(messages.Count);
        foreach (ReceivedMessage message in messages)
        {
            FeedState? head = _heads.GetValueOrDefault(author);
            if (message.Sequence <= (head?.Sequence ?? 0)) continue;
            if (message.Sequence > (head?.Sequence ?? 0) + 1)
            {
                _submitted.TryRemove(author, out _);
                break;
            }

            InvalidMessage? problem = Check(head, message.Value, out CanonicalMessage? canonical);
            if (problem is not null)
            {
                _submitted.TryRemove(author, out _);
                reject(new RejectedMessage(message, problem, head?.Id));
                continue;
            }

            FeedState state = new(canonical!.Id, message.Sequence, message.Value["timestamp"].AsNumber);
            valid.Add(new VerifiedMessage(message.Value, author, head, state));
            _heads[author] = state;
        }

        return valid;
    }

    /// <summary>
    /// Calls the validator. A message that the parser rejects is invalid; it is not an error of Flume.
    /// </summary>
    private InvalidMessage? Check(FeedState? head, JsValue value, out CanonicalMessage? canonical)
    {
        try
        {
            return MessageValidator.Check(head, value, store.Verified, out canonical);
        }
        catch (JsSyntaxException error)
        {
            canonical = null;
            return new InvalidMessage(error.Message, true);
        }
    }
}
