namespace Akka.Actor;

/// <summary>
/// What a timer sends: the message, and which start of which timer of which incarnation it comes from.
/// </summary>
internal class TimerMessage(TimerScheduler owner, object key, int generation, object message)
    : IWrappedMessage, INoSerializationVerificationNeeded
{
    public TimerScheduler Owner { get; } = owner;

    public object Key { get; } = key;

    public int Generation { get; } = generation;

    public object Message { get; } = message;
}

/// <summary>A timer's message that leaves the receive timeout as it is.</summary>
internal sealed class QuietTimerMessage(TimerScheduler owner, object key, int generation, object message)
    : TimerMessage(owner, key, generation, message), INotInfluenceReceiveTimeout;

/// <summary>The timers of one incarnation.</summary>
/// <remarks>
/// 1. Belongs to the actor's turn.
/// 2. A message is delivered only while the timer that sent it is the one under its key.
/// </remarks>
internal sealed class TimerScheduler(ActorCell cell) : ITimerScheduler
{
    private readonly Dictionary<object, (int Generation, bool Repeats, ICancelable Task)> _timers = [];
    private int _generation;

    public IReadOnlyCollection<object> ActiveTimers => _timers.Keys;

    /// <summary>Takes the message out of its wrapping; false when it is stale, or was handled here.</summary>
    public static bool TryUnwrap(ActorBase actor, ActorCell cell, TimerMessage timed, out object message)
    {
        message = timed.Message;
        if ((actor as IWithTimers)?.Timers is not TimerScheduler timers || !ReferenceEquals(timers, timed.Owner)
            || !timers.IsCurrent(timed))
            return false;
        if (message is IAutoReceivedMessage)
        {
            cell.AutoReceive(message);
            return false;
        }
        if (actor is IActorStash)
            cell.CurrentMessage = message;
        return true;
    }

    public void StartPeriodicTimer(object key, object msg, TimeSpan interval) =>
        Start(key, msg, (interval, interval), null);

    public void StartPeriodicTimer(object key, object msg, TimeSpan interval, IActorRef sender) =>
        Start(key, msg, (interval, interval), sender);

    public void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval) =>
        Start(key, msg, (initialDelay, interval), null);

    public void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval,
        IActorRef sender) =>
        Start(key, msg, (initialDelay, interval), sender);

    public void StartSingleTimer(object key, object msg, TimeSpan timeout) => Start(key, msg, (timeout, null), null);

    public void StartSingleTimer(object key, object msg, TimeSpan timeout, IActorRef sender) =>
        Start(key, msg, (timeout, null), sender);

    public bool IsTimerActive(object key) => _timers.ContainsKey(key);

    public void Cancel(object key)
    {
        if (_timers.Remove(key, out var timer))
            timer.Task.Cancel();
    }

    public void CancelAll()
    {
        foreach (var timer in _timers.Values)
            timer.Task.Cancel();
        _timers.Clear();
    }

    private void Start(object key, object message, (TimeSpan Delay, TimeSpan? Interval) when, IActorRef sender)
    {
        Cancel(key);
        var generation = ++_generation;
        var timed = message is INotInfluenceReceiveTimeout
            ? new QuietTimerMessage(this, key, generation, message)
            : new TimerMessage(this, key, generation, message);
        var scheduler = cell.System.Scheduler;
        var task = when.Interval == null
            ? scheduler.ScheduleTellOnceCancelable(when.Delay, cell.Self, timed, sender)
            : scheduler.ScheduleTellRepeatedlyCancelable(when.Delay, when.Interval.Value, cell.Self, timed, sender);
        _timers[key] = (generation, when.Interval != null, task);
    }

    private bool IsCurrent(TimerMessage timed)
    {
        if (!_timers.TryGetValue(timed.Key, out var timer) || timer.Generation != timed.Generation)
            return false;
        if (!timer.Repeats)
            _timers.Remove(timed.Key);
        return true;
    }
}
