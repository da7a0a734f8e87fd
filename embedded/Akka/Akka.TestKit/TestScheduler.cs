using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Akka.TestKit;

/// <summary>A scheduler whose time passes only when a test says so.</summary>
/// <remarks>1. Guarded by <c>_lock</c>; what is due is done outside it, on the thread of the test, in the order in
/// which it is due.</remarks>
public class TestScheduler : IScheduler, IAdvancedScheduler
{
    private readonly object _lock = new();
    private readonly TimerHeap _heap = new();
    private DateTimeOffset _now = TimeProvider.System.GetUtcNow();
    private long _order;

    public TestScheduler(Config schedulerConfig, ILoggingAdapter log)
    {
    }

    public DateTimeOffset Now => _now;

    public TimeSpan MonotonicClock => TimeSpan.FromMilliseconds(Environment.TickCount64);

    public TimeSpan HighResMonotonicClock => MonotonicClock;

    public IAdvancedScheduler Advanced => this;

    protected DateTimeOffset TimeNow => _now;

    /// <summary>Lets time pass, and does what became due.</summary>
    public void Advance(TimeSpan offset)
    {
        TimerEntry due;
        lock (_lock)
            _now += offset;
        var repeated = new List<TimerEntry>();
        while ((due = TakeDue()) != null)
        {
            due.Fire();
            if (due.Interval > 0)
                repeated.Add(due);
        }
        foreach (var entry in repeated.Where(e => e.Cancelable is not { IsCancellationRequested: true }))
            Add(entry, TimeSpan.FromTicks(entry.Interval));
    }

    /// <summary>Lets time pass up to a point.</summary>
    public void AdvanceTo(DateTimeOffset when)
    {
        if (when < _now)
            throw new InvalidOperationException("You can't reverse time...");
        Advance(when - _now);
    }

    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender) =>
        ScheduleTellOnce(delay, receiver, message, sender, null);

    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender,
        ICancelable cancelable) =>
        Add(() => receiver.Tell(message, sender), delay, TimeSpan.Zero, cancelable);

    public void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message,
        IActorRef sender) => ScheduleTellRepeatedly(initialDelay, interval, receiver, message, sender, null);

    public void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message,
        IActorRef sender, ICancelable cancelable) =>
        Add(() => receiver.Tell(message, sender), initialDelay, interval, cancelable);

    public void ScheduleOnce(TimeSpan delay, Action action) => ScheduleOnce(delay, action, null);

    public void ScheduleOnce(TimeSpan delay, Action action, ICancelable cancelable) =>
        Add(action, delay, TimeSpan.Zero, cancelable);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action) =>
        ScheduleRepeatedly(initialDelay, interval, action, null);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable cancelable) =>
        Add(action, initialDelay, interval, cancelable);

    public void ScheduleOnce(TimeSpan delay, IRunnable action) => ScheduleOnce(delay, action.Run, null);

    public void ScheduleOnce(TimeSpan delay, IRunnable action, ICancelable cancelable) =>
        ScheduleOnce(delay, action.Run, cancelable);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action) =>
        ScheduleRepeatedly(initialDelay, interval, action.Run, null);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action,
        ICancelable cancelable) =>
        ScheduleRepeatedly(initialDelay, interval, action.Run, cancelable);

    private void Add(Action action, TimeSpan delay, TimeSpan interval, ICancelable cancelable) =>
        Add(new Entry(action) { Interval = interval.Ticks, Cancelable = cancelable }, delay);

    private void Add(TimerEntry entry, TimeSpan delay)
    {
        lock (_lock)
        {
            entry.Due = (_now + delay).UtcTicks;
            entry.Order = _order++;
            _heap.Add(entry);
        }
    }

    private TimerEntry TakeDue()
    {
        lock (_lock)
        {
            while (_heap.First is { } first && first.Due <= _now.UtcTicks)
            {
                _heap.Remove(first);
                if (first.Cancelable is not { IsCancellationRequested: true })
                    return first;
            }
            return null;
        }
    }

    private sealed class Entry(Action action) : TimerEntry
    {
        public override void Fire() => action();
    }
}
