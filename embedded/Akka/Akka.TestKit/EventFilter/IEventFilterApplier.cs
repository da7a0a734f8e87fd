namespace Akka.TestKit;

/// <summary>Counts log events that fit, while code runs. What fits is not printed.</summary>
public interface IEventFilterApplier
{
    /// <summary>Adds a further filter; an event counts if any fits.</summary>
    EventFilterFactory And { get; }

    void ExpectOne(Action action, CancellationToken cancellationToken = default);

    void ExpectOne(TimeSpan timeout, Action action, CancellationToken cancellationToken = default);

    T ExpectOne<T>(Func<T> func, CancellationToken cancellationToken = default);

    Task ExpectOneAsync(Func<Task> actionAsync, CancellationToken cancellationToken = default);

    Task ExpectOneAsync(TimeSpan timeout, Func<Task> action, CancellationToken cancellationToken = default);

    /// <summary>Runs the action; fails unless exactly so many events fit within the configured time after it.</summary>
    void Expect(int expectedCount, Action action, CancellationToken cancellationToken = default);

    void Expect(int expectedCount, TimeSpan timeout, Action action, CancellationToken cancellationToken = default);

    T Expect<T>(int expectedCount, Func<T> func, CancellationToken cancellationToken = default);

    Task ExpectAsync(int expectedCount, Func<Task> actionAsync, CancellationToken cancellationToken = default);

    Task ExpectAsync(int expectedCount, TimeSpan timeout, Func<Task> action,
        CancellationToken cancellationToken = default);

    /// <summary>Runs the action; events that fit are not printed.</summary>
    void Mute(Action action, CancellationToken cancellationToken = default);

    T Mute<T>(Func<T> func, CancellationToken cancellationToken = default);

    Task MuteAsync(Func<Task> action, CancellationToken cancellationToken = default);

    /// <summary>Events that fit are not printed until the filter is disposed.</summary>
    IUnmutableFilter Mute();
}

/// <summary>A filter that can be taken away.</summary>
public interface IUnmutableFilter : IDisposable
{
    void Unmute();
}
