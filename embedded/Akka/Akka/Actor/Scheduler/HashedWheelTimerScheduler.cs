using System.Diagnostics;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Akka.Actor;

/// <summary>
/// The scheduler of a system: one thread that sleeps until the next entry is due. Its name is what configurations say.
/// </summary>
/// <remarks>
/// 1. <c>_heap</c>, <c>_order</c> and <c>_ended</c> are guarded by <c>_lock</c>; entries fire outside it, one after the
///    other.
/// 2. Entries fire in the order in which they are due, never early. One that was called off before its turn does not
///    fire.
/// 3. The thread is started with the first entry and ends with <see cref="Dispose"/>.
/// </remarks>
public sealed class HashedWheelTimerScheduler : SchedulerBase, IDisposable
{
    private readonly object _lock = new();
    private readonly TimerHeap _heap = new();
    private readonly long _start = Stopwatch.GetTimestamp();
    private Thread _thread;
    private long _order;
    private bool _ended;

    public HashedWheelTimerScheduler(Config scheduler, ILoggingAdapter log) : base(scheduler, log)
    {
    }

    public override TimeSpan MonotonicClock => Stopwatch.GetElapsedTime(_start);

    public override TimeSpan HighResMonotonicClock => Stopwatch.GetElapsedTime(_start);

    protected override DateTimeOffset TimeNow => TimeProvider.System.GetUtcNow();

    /// <summary>Stops the thread; what is still scheduled never fires.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _ended = true;
            _heap.Clear();
            Monitor.PulseAll(_lock);
        }
    }

    protected override void InternalScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message,
        IActorRef sender,
        ICancelable cancelable) => Add(new TellEntry(receiver, message, sender), delay, TimeSpan.Zero, cancelable);

    protected override void InternalScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver,
        object message, IActorRef sender, ICancelable cancelable) =>
        Add(new TellEntry(receiver, message, sender), initialDelay, interval, cancelable);

    protected override void InternalScheduleOnce(TimeSpan delay, Action action, ICancelable cancelable) =>
        Add(new ActionEntry(action), delay, TimeSpan.Zero, cancelable);

    protected override void InternalScheduleOnce(TimeSpan delay, IRunnable action, ICancelable cancelable) =>
        Add(new ActionEntry(action.Run), delay, TimeSpan.Zero, cancelable);

    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action,
        ICancelable cancelable) => Add(new ActionEntry(action), initialDelay, interval, cancelable);

    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action,
        ICancelable cancelable) => Add(new ActionEntry(action.Run), initialDelay, interval, cancelable);

    private void Add(TimerEntry entry, TimeSpan delay, TimeSpan interval, ICancelable cancelable)
    {
        if (cancelable is { IsCancellationRequested: true })
            return;
        entry.Interval = interval.Ticks;
        entry.Cancelable = cancelable;
        lock (_lock)
        {
            if (_ended)
                throw new SchedulerException("Could not schedule: the scheduler has ended with its actor system.");
            entry.Due = MonotonicClock.Ticks + delay.Ticks;
            entry.Order = _order++;
            _heap.Add(entry);
            if (_thread == null)
                StartThread();
            else if (_heap.First == entry)
                Monitor.Pulse(_lock);
        }
        if (cancelable is Cancelable own && !own.TryAttach(() => Remove(entry)) && own.IsCancellationRequested)
            Remove(entry);
    }

    private void Remove(TimerEntry entry)
    {
        lock (_lock)
        {
            entry.Interval = 0;
            _heap.Remove(entry);
        }
    }

    private void StartThread()
    {
        _thread = new Thread(Work) { Name = "akka-scheduler", IsBackground = true };
        _thread.Start();
    }

    private void Work()
    {
        while (TakeDue() is { } entry)
        {
            try
            {
                if (entry.Cancelable is not { IsCancellationRequested: true })
                    entry.Fire();
            }
            catch (Exception e)
            {
                entry.Interval = 0;
                Log?.Log(LogLevel.ErrorLevel, e, "A scheduled action failed; it is not repeated.");
            }
            Repeat(entry);
        }
    }

    /// <summary>Waits for the next entry and takes it out; null when the scheduler has ended.</summary>
    private TimerEntry TakeDue()
    {
        lock (_lock)
        {
            while (!_ended)
            {
                var first = _heap.First;
                var wait = first == null ? TimeSpan.MaxValue : TimeSpan.FromTicks(first.Due) - MonotonicClock;
                if (wait <= TimeSpan.Zero)
                {
                    _heap.Remove(first);
                    return first;
                }
                if (wait.TotalMilliseconds >= int.MaxValue)
                    Monitor.Wait(_lock);
                else
                    Monitor.Wait(_lock, (int)Math.Ceiling(wait.TotalMilliseconds));
            }
            return null;
        }
    }

    private void Repeat(TimerEntry entry)
    {
        lock (_lock)
        {
            if (entry.Interval == 0 || _ended || entry.Cancelable is { IsCancellationRequested: true })
                return;
            entry.Due = Math.Max(entry.Due + entry.Interval, MonotonicClock.Ticks);
            entry.Order = _order++;
            _heap.Add(entry);
        }
    }

    private sealed class TellEntry(ICanTell receiver, object message, IActorRef sender) : TimerEntry
    {
        public override void Fire() => receiver.Tell(message, sender);
    }

    private sealed class ActionEntry(Action action) : TimerEntry
    {
        public override void Fire() => action();
    }
}
