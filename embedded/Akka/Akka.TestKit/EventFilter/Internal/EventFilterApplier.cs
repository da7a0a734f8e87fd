using Akka.Actor;

namespace Akka.TestKit.Internal;

/// <summary>Applies filters while code runs, and checks how many events fitted.</summary>
internal sealed class EventFilterApplier(TestKitBase testkit, ActorSystem system, IReadOnlyList<LogEventFilter> filters)
    : IEventFilterApplier
{
    private static readonly TimeSpan s_pollInterval = TimeSpan.FromMilliseconds(10);

    public EventFilterFactory And => new(testkit, system, filters);

    public void ExpectOne(Action action, CancellationToken cancellationToken = default) =>
        Expect(1, action, cancellationToken);

    public void ExpectOne(TimeSpan timeout, Action action, CancellationToken cancellationToken = default) =>
        Expect(1, timeout, action, cancellationToken);

    public T ExpectOne<T>(Func<T> func, CancellationToken cancellationToken = default) =>
        Expect(1, func, cancellationToken);

    public Task ExpectOneAsync(Func<Task> actionAsync, CancellationToken cancellationToken = default) =>
        ExpectAsync(1, actionAsync, cancellationToken);

    public Task ExpectOneAsync(TimeSpan timeout, Func<Task> action, CancellationToken cancellationToken = default) =>
        ExpectAsync(1, timeout, action, cancellationToken);

    public void Expect(int expectedCount, Action action, CancellationToken cancellationToken = default) =>
        Expect(expectedCount, Leeway(), action, cancellationToken);

    public void Expect(int expectedCount, TimeSpan timeout, Action action,
        CancellationToken cancellationToken = default) =>
        Run(expectedCount, timeout, Returning(action), cancellationToken);

    public T Expect<T>(int expectedCount, Func<T> func, CancellationToken cancellationToken = default) =>
        Run(expectedCount, Leeway(), func, cancellationToken);

    public Task ExpectAsync(int expectedCount, Func<Task> actionAsync, CancellationToken cancellationToken = default) =>
        ExpectAsync(expectedCount, Leeway(), actionAsync, cancellationToken);

    public async Task ExpectAsync(int expectedCount, TimeSpan timeout, Func<Task> action,
        CancellationToken cancellationToken = default)
    {
        using var applied = new Applied(system, filters);
        await action();
        await applied.WaitFor(expectedCount, testkit.Dilated(timeout), cancellationToken);
        Check(applied, expectedCount, timeout);
    }

    public void Mute(Action action, CancellationToken cancellationToken = default) =>
        Mute(Returning(action), cancellationToken);

    public T Mute<T>(Func<T> func, CancellationToken cancellationToken = default)
    {
        using var applied = new Applied(system, filters);
        return func();
    }

    public async Task MuteAsync(Func<Task> action, CancellationToken cancellationToken = default)
    {
        using var applied = new Applied(system, filters);
        await action();
    }

    public IUnmutableFilter Mute() => new Applied(system, filters);

    private static Func<Done> Returning(Action action) => () =>
    {
        action();
        return Done.Instance;
    };

    private TimeSpan Leeway() => testkit.TestKitSettings.TestEventFilterLeeway;

    private T Run<T>(int expected, TimeSpan timeout, Func<T> func, CancellationToken cancellationToken)
    {
        using var applied = new Applied(system, filters);
        var result = func();
        applied.WaitFor(expected, testkit.Dilated(timeout), cancellationToken).GetAwaiter().GetResult();
        Check(applied, expected, timeout);
        return result;
    }

    private void Check(Applied applied, int expected, TimeSpan timeout)
    {
        if (applied.Count < expected)
            testkit.KitAssertions.Fail("Timeout ({0}) while waiting for {1} messages that match [{2}]. Only got {3}.",
                timeout, expected, string.Join(", ", filters), applied.Count);
        if (applied.Count > expected)
            testkit.KitAssertions.Fail("Expected {0} messages that match [{1}], but got {2}.", expected,
                string.Join(", ", filters), applied.Count);
    }

    private sealed class Applied : IUnmutableFilter
    {
        private readonly ActorSystem _system;
        private readonly List<LogEventFilter> _filters;

        public Applied(ActorSystem system, IReadOnlyList<LogEventFilter> filters)
        {
            _system = system;
            _filters = [.. filters.Select(f => f.Fresh())];
            system.EventStream.Publish(new ApplyFilters(_filters));
        }

        public int Count => _filters.Sum(f => f.Count);

        public async Task WaitFor(int expected, TimeSpan limit, CancellationToken cancellationToken)
        {
            var end = TestKitBase.Now + limit;
            while (Count < expected && TestKitBase.Now < end)
                await Task.Delay(s_pollInterval, cancellationToken).ConfigureAwait(false);
        }

        public void Unmute() => _system.EventStream.Publish(new RemoveFilters(_filters));

        public void Dispose() => Unmute();
    }
}
