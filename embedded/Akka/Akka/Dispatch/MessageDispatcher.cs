using Akka.Actor;

namespace Akka.Dispatch;

/// <summary>Gives actors their turns on threads.</summary>
public abstract class MessageDispatcher
{
    public const int DefaultThroughput = 100;

    internal MessageDispatcher(string id, int throughput, TimeSpan throughputDeadline)
    {
        Id = id;
        Throughput = throughput;
        ThroughputDeadlineTime = throughputDeadline > TimeSpan.Zero ? throughputDeadline.Ticks : null;
    }

    public string Id { get; protected set; }

    /// <summary>How many messages one actor may handle before it gives its thread to the next.</summary>
    public int Throughput { get; set; }

    /// <summary>After how many ticks of 100 ns a turn ends early; null is never.</summary>
    public long? ThroughputDeadlineTime { get; protected set; }

    /// <summary>Runs an action on a thread of this dispatcher.</summary>
    public void Schedule(Action run) => Run(new ActionItem(run));

    /// <summary>Runs a piece of work on a thread of this dispatcher.</summary>
    public void Schedule(IRunnable run) => Run(new ActionItem(run.Run));

    /// <summary>The tick count at which a turn that starts now ends early, or 0.</summary>
    internal long TurnEnd() =>
        ThroughputDeadlineTime == null ? 0 : Environment.TickCount64
            + ThroughputDeadlineTime.Value / TimeSpan.TicksPerMillisecond;

    internal abstract void Run(IThreadPoolWorkItem turn);

    /// <summary>The actor will work here.</summary>
    internal virtual void Attach(ActorCell cell)
    {
    }

    /// <summary>The actor has ended.</summary>
    internal virtual void Detach(ActorCell cell)
    {
    }

    private sealed class ActionItem(Action action) : IThreadPoolWorkItem
    {
        public void Execute() => action();
    }
}

/// <summary>A dispatcher whose actors share the threads of an executor.</summary>
public class Dispatcher : MessageDispatcher
{
    private readonly Executor _executor;

    internal Dispatcher(string id, int throughput, TimeSpan throughputDeadline, Executor executor)
        : base(id, throughput, throughputDeadline)
    {
        _executor = executor;
    }

    internal override void Run(IThreadPoolWorkItem turn) => _executor.Execute(turn);
}

/// <summary>A dispatcher with one thread for one actor; the thread ends with the actor.</summary>
public sealed class PinnedDispatcher : Dispatcher
{
    private readonly Executor _thread;

    internal PinnedDispatcher(string id, int throughput, TimeSpan throughputDeadline, Executor thread)
        : base(id, throughput, throughputDeadline, thread)
    {
        _thread = thread;
    }

    internal override void Detach(ActorCell cell) => _thread.Shutdown();
}
