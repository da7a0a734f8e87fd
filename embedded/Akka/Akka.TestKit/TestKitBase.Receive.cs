using System.Collections;
using System.Runtime.CompilerServices;

namespace Akka.TestKit;

/// <summary>Taking messages out of the test actor's queue.</summary>
public abstract partial class TestKitBase
{
    /// <summary>The next message, or null when none came within the time (what remains of the limit if null).</summary>
    public object ReceiveOne(TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        TryReceiveOne(out var envelope, max, cancellationToken) ? envelope.Message : null;

    public async ValueTask<object> ReceiveOneAsync(TimeSpan? max = null,
        CancellationToken cancellationToken = default) =>
        (await TryReceiveOneAsync(max, cancellationToken).ConfigureAwait(false)).envelope?.Message;

    public bool TryReceiveOne(out MessageEnvelope envelope, TimeSpan? max = null,
        CancellationToken cancellationToken = default)
    {
        (var success, envelope) = TryReceiveOneAsync(max, cancellationToken).AsTask().GetAwaiter().GetResult();
        return success;
    }

    public async ValueTask<(bool success, MessageEnvelope envelope)> TryReceiveOneAsync(TimeSpan? max,
        CancellationToken cancellationToken = default)
    {
        if (!_queue.Reader.TryRead(out var envelope))
            envelope = await WaitForOne(max ?? RemainingOrDefault, cancellationToken).ConfigureAwait(false);
        _lastMessage = envelope ?? NullMessageEnvelope.Instance;
        return (envelope != null, envelope);
    }

    /// <summary>Skips messages until one fits.</summary>
    public object FishForMessage(Predicate<object> isMessage, TimeSpan? max = null, string hint = "",
        CancellationToken cancellationToken = default) =>
            FishForMessage<object>(isMessage, max, hint, cancellationToken);

    public T FishForMessage<T>(Predicate<T> isMessage, TimeSpan? max = null, string hint = "",
        CancellationToken cancellationToken = default) => FishForMessage(isMessage, null, max, hint, cancellationToken);

    /// <summary>Skips messages until one fits, and lists those that were skipped.</summary>
    public T FishForMessage<T>(Predicate<T> isMessage, ArrayList allMessages, TimeSpan? max = null, string hint = "",
        CancellationToken cancellationToken = default) =>
        FishForMessageAsync(isMessage, allMessages, max, hint, cancellationToken).AsTask().GetAwaiter().GetResult();

    public ValueTask<object> FishForMessageAsync(Predicate<object> isMessage, TimeSpan? max = null, string hint = "",
        CancellationToken cancellationToken = default) =>
            FishForMessageAsync<object>(isMessage, max, hint, cancellationToken);

    public ValueTask<T> FishForMessageAsync<T>(Predicate<T> isMessage, TimeSpan? max = null, string hint = "",
        CancellationToken cancellationToken = default) =>
            FishForMessageAsync(isMessage, null, max, hint, cancellationToken);

    public async ValueTask<T> FishForMessageAsync<T>(Predicate<T> isMessage, ArrayList allMessages,
        TimeSpan? max = null,
        string hint = "", CancellationToken cancellationToken = default)
    {
        var limit = RemainingOrDilated(max);
        var end = Now + limit;
        allMessages?.Clear();
        while (true)
        {
            var left = end - Now;
            var (success, envelope) =
                await TryReceiveOneAsync(left < TimeSpan.Zero ? TimeSpan.Zero : left, cancellationToken)
                .ConfigureAwait(false);
            _assertions.AssertTrue(success, "Timeout ({0}) during fishForMessage{1}", limit,
                string.IsNullOrEmpty(hint) ? "" : ", hint: " + hint);
            if (envelope.Message is T message && isMessage(message))
                return message;
            allMessages?.Add(envelope.Message);
        }
    }

    /// <summary>The next messages, as many as given; fails when they do not come in time.</summary>
    public IReadOnlyCollection<object> ReceiveN(int numberOfMessages, CancellationToken cancellationToken = default) =>
        ReceiveAll(numberOfMessages, RemainingOrDefault, cancellationToken).GetAwaiter().GetResult();

    public IReadOnlyCollection<object> ReceiveN(int numberOfMessages, TimeSpan max,
        CancellationToken cancellationToken = default) =>
        ReceiveAll(numberOfMessages, Dilated(max), cancellationToken).GetAwaiter().GetResult();

    public IAsyncEnumerable<object> ReceiveNAsync(int numberOfMessages,
        CancellationToken cancellationToken = default) =>
        ReceiveEach(numberOfMessages, RemainingOrDefault, cancellationToken);

    public IAsyncEnumerable<object> ReceiveNAsync(int numberOfMessages, TimeSpan max,
        CancellationToken cancellationToken = default) =>
            ReceiveEach(numberOfMessages, Dilated(max), cancellationToken);

    /// <summary>Messages of a type as long as they come, are of it, and fit.</summary>
    public IReadOnlyList<T> ReceiveWhile<T>(Predicate<T> shouldContinue, TimeSpan? max = null, TimeSpan? idle = null,
        int msgs = int.MaxValue, bool shouldIgnoreOtherMessageTypes = true,
            CancellationToken cancellationToken = default)
    {
        var end = Now + RemainingOrDilated(max);
        var received = new List<T>();
        while (received.Count < msgs)
        {
            var left = end - Now;
            var wait = idle != null && idle < left ? idle.Value : left;
            if (!TryPeek(wait < TimeSpan.Zero ? TimeSpan.Zero : wait, cancellationToken, out var next))
                break;
            if (next.Message is T message)
            {
                if (!shouldContinue(message))
                    break;
                received.Add(message);
            }
            else if (!shouldIgnoreOtherMessageTypes)
            {
                break;
            }
            TryReceiveOne(out _, TimeSpan.Zero, cancellationToken);
        }
        return received;
    }

    private async Task<IReadOnlyCollection<object>> ReceiveAll(int count, TimeSpan limit,
        CancellationToken cancellationToken)
    {
        var received = new List<object>(count);
        await foreach (var message in ReceiveEach(count, limit, cancellationToken).ConfigureAwait(false))
            received.Add(message);
        return received;
    }

    private async IAsyncEnumerable<object> ReceiveEach(int count, TimeSpan limit,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var end = Now + limit;
        for (var i = 0; i < count; i++)
        {
            var left = end - Now;
            var (success, envelope) =
                await TryReceiveOneAsync(left < TimeSpan.Zero ? TimeSpan.Zero : left, cancellationToken)
                .ConfigureAwait(false);
            _assertions.AssertTrue(success, "Timeout ({0}) while expecting {1} messages. Only got {2} after {3}.",
                limit, count, i, limit);
            yield return envelope.Message;
        }
    }

    private bool TryPeek(TimeSpan limit, CancellationToken cancellationToken, out MessageEnvelope envelope)
    {
        if (_queue.Reader.TryPeek(out envelope))
            return true;
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(limit);
        try
        {
            return _queue.Reader.WaitToReadAsync(timeout.Token).AsTask().GetAwaiter().GetResult()
                && _queue.Reader.TryPeek(out envelope);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task<MessageEnvelope> WaitForOne(TimeSpan limit, CancellationToken cancellationToken)
    {
        if (limit == TimeSpan.Zero)
            return null;
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (limit > TimeSpan.Zero)
            timeout.CancelAfter(limit);
        try
        {
            return await _queue.Reader.ReadAsync(timeout.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is System.Threading.Channels.ChannelClosedException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }
}
