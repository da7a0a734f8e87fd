namespace Akka.Actor;

/// <summary>An actor that is given timers of its own.</summary>
public interface IWithTimers
{
    ITimerScheduler Timers { get; set; }
}

/// <summary>Timers of one incarnation of an actor: they send it messages, and end with it.</summary>
public interface ITimerScheduler
{
    IReadOnlyCollection<object> ActiveTimers { get; }

    /// <summary>
    /// Sends a message each interval. A timer of the same key ends, also if its message already lies in the mailbox.
    /// </summary>
    void StartPeriodicTimer(object key, object msg, TimeSpan interval);

    void StartPeriodicTimer(object key, object msg, TimeSpan interval, IActorRef sender);

    void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval);

    void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval, IActorRef sender);

    /// <summary>
    /// Sends a message once. A timer of the same key ends, also if its message already lies in the mailbox.
    /// </summary>
    void StartSingleTimer(object key, object msg, TimeSpan timeout);

    void StartSingleTimer(object key, object msg, TimeSpan timeout, IActorRef sender);

    bool IsTimerActive(object key);

    /// <summary>Ends a timer, also if its message already lies in the mailbox.</summary>
    void Cancel(object key);

    void CancelAll();
}
