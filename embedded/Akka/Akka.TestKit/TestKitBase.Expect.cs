using Akka.Actor;

namespace Akka.TestKit;

/// <summary>Expecting the next message.</summary>
public abstract partial class TestKitBase
{
    /// <summary>Expects a message of a type.</summary>
    public T ExpectMsg<T>(TimeSpan? duration = null, string hint = null,
        CancellationToken cancellationToken = default) =>
        Wait(ExpectMsgAsync<T>(duration, hint, cancellationToken));

    /// <summary>Expects a message that equals the given one.</summary>
    public T ExpectMsg<T>(T message, TimeSpan? timeout = null, string hint = null,
        CancellationToken cancellationToken = default) =>
            Wait(ExpectMsgAsync(message, timeout, hint, cancellationToken));

    /// <summary>Expects a message of a type that fits.</summary>
    public T ExpectMsg<T>(Predicate<T> isMessage, TimeSpan? timeout = null, string hint = null,
        CancellationToken cancellationToken = default) =>
            Wait(ExpectMsgAsync(isMessage, timeout, hint, cancellationToken));

    /// <summary>Expects a message of a type that passes assertions.</summary>
    public T ExpectMsg<T>(Action<T> assert, TimeSpan? timeout = null, string hint = null,
        CancellationToken cancellationToken = default) =>
            Wait(ExpectMsgAsync(assert, timeout, hint, cancellationToken));

    public T ExpectMsg<T>(Func<T, IActorRef, bool> isMessageAndSender, TimeSpan? timeout = null, string hint = null,
        CancellationToken cancellationToken = default) =>
        Wait(ExpectMsgAsync(isMessageAndSender, timeout, hint, cancellationToken));

    public T ExpectMsg<T>(Action<T, IActorRef> assertMessageAndSender, TimeSpan? timeout = null, string hint = null,
        CancellationToken cancellationToken = default) =>
        Wait(ExpectMsgAsync(assertMessageAndSender, timeout, hint, cancellationToken));

    public T ExpectMsg<T>(T expected, Func<T, T, bool> comparer, TimeSpan? timeout = null, string hint = null,
        CancellationToken cancellationToken = default) =>
        Wait(ExpectMsgAsync(expected, comparer, timeout, hint, cancellationToken));

    public ValueTask<T> ExpectMsgAsync<T>(TimeSpan? duration = null, string hint = null,
        CancellationToken cancellationToken = default) =>
        Expect<T>(RemainingOrDilated(duration), static (_, _) => { }, hint, cancellationToken);

    public ValueTask<T> ExpectMsgAsync<T>(T message, TimeSpan? timeout = null, string hint = null,
        CancellationToken cancellationToken = default) => Expect<T>(RemainingOrDilated(timeout),
            (m, _) => _assertions.AssertEqual(message, m, hint ?? ""), hint, cancellationToken);

    public ValueTask<T> ExpectMsgAsync<T>(Predicate<T> isMessage, TimeSpan? timeout = null, string hint = null,
        CancellationToken cancellationToken = default) =>
        ExpectMsgAsync<T>((m, _) => isMessage(m), timeout, hint, cancellationToken);

    public ValueTask<T> ExpectMsgAsync<T>(Action<T> assert, TimeSpan? timeout = null, string hint = null,
        CancellationToken cancellationToken = default) =>
        Expect<T>(RemainingOrDilated(timeout), (m, _) => assert(m), hint, cancellationToken);

    public ValueTask<T> ExpectMsgAsync<T>(Func<T, IActorRef, bool> isMessageAndSender, TimeSpan? timeout = null,
        string hint = null, CancellationToken cancellationToken = default) => Expect<T>(RemainingOrDilated(timeout),
            (m, sender) => _assertions.AssertTrue(isMessageAndSender(m, sender),
                "Got a message of the expected type <{2}> from {4}. Also expected {0} but the message {{{1}}} of "
                    + "type <{3}> did not match",
                hint ?? "the predicate to return true", m, typeof(T), m.GetType(), sender), hint, cancellationToken);

    public ValueTask<T> ExpectMsgAsync<T>(Action<T, IActorRef> assertMessageAndSender, TimeSpan? timeout = null,
        string hint = null, CancellationToken cancellationToken = default) =>
        Expect(RemainingOrDilated(timeout), assertMessageAndSender, hint, cancellationToken);

    public ValueTask<T> ExpectMsgAsync<T>(T expected, Func<T, T, bool> comparer, TimeSpan? timeout = null,
        string hint = null,
        CancellationToken cancellationToken = default) => Expect<T>(RemainingOrDilated(timeout),
            (m, _) => _assertions.AssertEqual(expected, m, comparer, hint ?? ""), hint, cancellationToken);

    /// <summary>Expects the news that a watched actor has ended.</summary>
    public Terminated ExpectTerminated(IActorRef target, TimeSpan? timeout = null, string hint = null,
        CancellationToken cancellationToken = default) =>
        Wait(ExpectTerminatedAsync(target, timeout, hint, cancellationToken));

    public ValueTask<Terminated> ExpectTerminatedAsync(IActorRef target, TimeSpan? timeout = null, string hint = null,
        CancellationToken cancellationToken = default) => Expect<Terminated>(RemainingOrDilated(timeout),
            (m, _) => _assertions.AssertEqual(target, m.ActorRef, hint ?? $"Terminated {target}. "), hint,
                cancellationToken);

    /// <summary>Expects a message of a type from somebody.</summary>
    public T ExpectMsgFrom<T>(IActorRef sender, TimeSpan? duration = null, string hint = null,
        CancellationToken cancellationToken = default) =>
        ExpectMsg<T>((_, s) => AssertSender(sender, s), duration, hint, cancellationToken);

    public T ExpectMsgFrom<T>(IActorRef sender, T message, TimeSpan? timeout = null, string hint = null,
        CancellationToken cancellationToken = default) => ExpectMsg<T>((m, s) =>
        {
            AssertSender(sender, s);
            _assertions.AssertEqual(message, m, hint ?? "");
        }, timeout, hint, cancellationToken);

    public ValueTask<T> ExpectMsgFromAsync<T>(IActorRef sender, TimeSpan? duration = null, string hint = null,
        CancellationToken cancellationToken = default) =>
        ExpectMsgAsync<T>((_, s) => AssertSender(sender, s), duration, hint, cancellationToken);

    public ValueTask<T> ExpectMsgFromAsync<T>(IActorRef sender, T message, TimeSpan? timeout = null, string hint = null,
        CancellationToken cancellationToken = default) => ExpectMsgAsync<T>((m, s) =>
        {
            AssertSender(sender, s);
            _assertions.AssertEqual(message, m, hint ?? "");
        }, timeout, hint, cancellationToken);

    /// <summary>Expects that nothing comes for the time of a single expectation.</summary>
    public void ExpectNoMsg(CancellationToken cancellationToken = default) =>
        ExpectNoMsgAsync(cancellationToken).AsTask().GetAwaiter().GetResult();

    public void ExpectNoMsg(TimeSpan duration, CancellationToken cancellationToken = default) =>
        ExpectNoMsgAsync(duration, cancellationToken).AsTask().GetAwaiter().GetResult();

    public void ExpectNoMsg(int milliseconds, CancellationToken cancellationToken = default) =>
        ExpectNoMsg(TimeSpan.FromMilliseconds(milliseconds), cancellationToken);

    public ValueTask ExpectNoMsgAsync(CancellationToken cancellationToken = default) =>
        ExpectNothing(RemainingOrDefault, cancellationToken);

    public ValueTask ExpectNoMsgAsync(TimeSpan duration, CancellationToken cancellationToken = default) =>
        ExpectNothing(Dilated(duration), cancellationToken);

    public ValueTask ExpectNoMsgAsync(int milliseconds, CancellationToken cancellationToken = default) =>
        ExpectNoMsgAsync(TimeSpan.FromMilliseconds(milliseconds), cancellationToken);

    /// <summary>Expects messages that equal the given ones, in any order.</summary>
    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(params T[] messages) => ExpectAll(RemainingOrDefault, messages);

    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(TimeSpan max, params T[] messages) =>
        ExpectAll(Dilated(max), messages);

    /// <summary>Expects a message that equals one of the given ones.</summary>
    public T ExpectMsgAnyOf<T>(IEnumerable<T> messages, CancellationToken cancellationToken = default)
    {
        var expected = messages.ToList();
        return ExpectMsg<T>((m, _) =>
            _assertions.AssertTrue(expected.Contains(m), "not expected: {0}. Expected any of {1}", m,
            string.Join(", ", expected)), null, null, cancellationToken);
    }

    private static T Wait<T>(ValueTask<T> task) => task.AsTask().GetAwaiter().GetResult();

    private void AssertSender(IActorRef expected, IActorRef sender) =>
        _assertions.AssertTrue(Equals(expected, sender), "Wrong sender. Expected {0}, got {1}", expected, sender);

    private async ValueTask<T> Expect<T>(TimeSpan limit, Action<T, IActorRef> check, string hint,
        CancellationToken cancellationToken)
    {
        var (success, envelope) = await TryReceiveOneAsync(limit, cancellationToken).ConfigureAwait(false);
        if (!success)
            _assertions.Fail("Failed: Timeout {0} while waiting for a message of type {1} {2}", limit, typeof(T), hint
                ?? "");
        if (envelope.Message is not T message)
        {
            _assertions.Fail("Failed: Expected a message of type {0}, but received {{{2}}} (type {1}) instead {3} "
                + "from {4}",
                typeof(T), envelope.Message.GetType(), envelope.Message, hint ?? "", envelope.Sender);
            return default;
        }
        check(message, envelope.Sender);
        return message;
    }

    private async ValueTask ExpectNothing(TimeSpan limit, CancellationToken cancellationToken)
    {
        var (success, envelope) = await TryReceiveOneAsync(limit, cancellationToken).ConfigureAwait(false);
        if (success)
            _assertions.Fail("Failed: Expected no messages during {0}, instead we received {1}", limit, envelope);
    }

    private List<T> ExpectAll<T>(TimeSpan limit, T[] messages)
    {
        var received = ReceiveAll(messages.Length, limit, CancellationToken.None).GetAwaiter().GetResult();
        var missing = messages.Where(m => !received.Contains(m)).ToList();
        _assertions.AssertTrue(missing.Count == 0, "Not all messages were received: missing {0}, received {1}",
            string.Join(", ", missing), string.Join(", ", received));
        return received.Cast<T>().ToList();
    }
}
