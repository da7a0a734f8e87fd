using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Dispatch;

/// <summary>What waits for one actor, and the turns in which a dispatcher's thread lets it work.</summary>
/// <remarks>
/// 1. <c>_status</c> holds a closed bit, a scheduled bit and, above them, how often the mailbox is suspended.
/// 2. Whoever sets the scheduled bit hands the mailbox to the executor; only the turn that follows clears it. So at
///    most one thread works on an actor at a time, and what one turn wrote the next one sees.
/// 3. No wake-up is lost: a sender enqueues, then (after a full fence) looks at the status; a turn clears the bit, then
///    looks at the queues.
/// 4. <c>_front</c> and <c>_todo</c> belong to the running turn.
/// 5. Once closed, the system queue ends in <see cref="s_sealed"/>, and whoever enqueues a message afterwards empties
///    the queue into the dead letters itself.
/// </remarks>
internal sealed class Mailbox(ActorCell cell) : IThreadPoolWorkItem
{
    private const int Closed = 1;
    private const int Scheduled = 2;
    private const int SuspendUnit = 4;

    private static readonly SystemMessage s_sealed = new Create();

    private readonly ConcurrentQueue<Envelope> _queue = new();
    private Stack<Envelope> _front;
    private SystemMessage _system;
    private SystemMessage _todo;
    private int _status;

    public bool IsClosed => (Volatile.Read(ref _status) & Closed) != 0;

    public bool IsSuspended => Volatile.Read(ref _status) >= SuspendUnit;

    public int Count => _queue.Count + (_front?.Count ?? 0);

    private bool HasMessages => !_queue.IsEmpty || _front is { Count: > 0 };

    private bool HasSystemMessages
    {
        get
        {
            var head = Volatile.Read(ref _system);
            return head != null && head != s_sealed;
        }
    }

    /// <summary>Puts a message last.</summary>
    public void Post(Envelope envelope)
    {
        _queue.Enqueue(envelope);
        Interlocked.MemoryBarrier();
        var status = Volatile.Read(ref _status);
        if (status == 0)
            Schedule();
        else if ((status & Closed) != 0)
            DropMessages();
    }

    /// <summary>Puts a message first. For the running turn.</summary>
    public void PostFirst(Envelope envelope) => (_front ??= new Stack<Envelope>()).Push(envelope);

    /// <summary>Puts a system message last among its kind; false when the actor has ended.</summary>
    public bool PostSystem(SystemMessage message)
    {
        SystemMessage head;
        do
        {
            head = Volatile.Read(ref _system);
            if (head == s_sealed)
                return false;
            message.Next = head;
        }
        while (Interlocked.CompareExchange(ref _system, message, head) != head);
        Schedule();
        return true;
    }

    public void Suspend() => Interlocked.Add(ref _status, SuspendUnit);

    public void ResumeOnce()
    {
        var status = Volatile.Read(ref _status);
        while (status >= SuspendUnit)
        {
            var seen = Interlocked.CompareExchange(ref _status, status - SuspendUnit, status);
            if (seen == status)
                break;
            status = seen;
        }
        ScheduleIfNeeded();
    }

    /// <summary>Gives a turn to the actor if there is anything it may work on.</summary>
    public void ScheduleIfNeeded()
    {
        var status = Volatile.Read(ref _status);
        if ((status & Closed) == 0 && (HasSystemMessages || (status < SuspendUnit && HasMessages)))
            Schedule();
    }

    /// <summary>Ends: nothing more is handled, what waits becomes dead letters. For the running turn.</summary>
    public void Close()
    {
        Interlocked.Or(ref _status, Closed);
        Release(Interlocked.Exchange(ref _system, s_sealed));
        Release(_todo);
        _todo = null;
        if (_front != null)
        {
            while (_front.TryPop(out var envelope))
                Drop(envelope);
        }
        DropMessages();
    }

    /// <summary>
    /// One turn: all system messages, and at most as many messages as the dispatcher's throughput says.
    /// </summary>
    public void Execute()
    {
        try
        {
            if (!IsClosed)
                RunTurn();
        }
        finally
        {
            Interlocked.And(ref _status, ~Scheduled);
            ScheduleIfNeeded();
        }
    }

    private void RunTurn()
    {
        var previous = ActorCell.Current;
        ActorCell.Current = cell;
        try
        {
            HandleSystemMessages();
            var left = Math.Max(1, cell.Dispatcher.Throughput);
            var deadline = cell.Dispatcher.TurnEnd();
            while (left-- > 0 && (Volatile.Read(ref _status) & ~Scheduled) == 0 && TryTake(out var envelope))
            {
                cell.Invoke(envelope);
                HandleSystemMessages();
                if (deadline != 0 && Environment.TickCount64 >= deadline)
                    break;
            }
        }
        finally
        {
            ActorCell.Current = previous;
        }
    }

    private bool TryTake(out Envelope envelope) =>
        (_front != null && _front.TryPop(out envelope)) || _queue.TryDequeue(out envelope);

    private void HandleSystemMessages()
    {
        while (HasSystemMessages && !IsClosed)
        {
            _todo = Reversed(Interlocked.Exchange(ref _system, null));
            while (_todo != null)
            {
                var message = _todo;
                _todo = message.Next;
                message.Next = null;
                cell.SystemInvoke(message);
            }
        }
    }

    private void Schedule()
    {
        var status = Volatile.Read(ref _status);
        while ((status & (Closed | Scheduled)) == 0)
        {
            var seen = Interlocked.CompareExchange(ref _status, status | Scheduled, status);
            if (seen == status)
            {
                cell.Dispatcher.Run(this);
                return;
            }
            status = seen;
        }
    }

    private static SystemMessage Reversed(SystemMessage newestFirst)
    {
        SystemMessage oldestFirst = null;
        while (newestFirst != null)
        {
            var next = newestFirst.Next;
            newestFirst.Next = oldestFirst;
            oldestFirst = newestFirst;
            newestFirst = next;
        }
        return oldestFirst;
    }

    private static void Release(SystemMessage message)
    {
        while (message != null)
        {
            var next = message.Next;
            message.Next = null;
            SystemMessage.AnswerForTheDead(message);
            message = next;
        }
    }

    private void DropMessages()
    {
        while (_queue.TryDequeue(out var envelope))
            Drop(envelope);
    }

    private void Drop(Envelope envelope)
    {
        // A letter that its subscriber did not live to read is not announced again: the announcement would come here.
        if (envelope.Message is DeadLetter)
            return;
        var deadLetters = cell.SystemImpl.DeadLetters;
        deadLetters.Tell(new DeadLetter(envelope.Message, envelope.Sender ?? deadLetters, cell.Self), envelope.Sender);
    }
}
