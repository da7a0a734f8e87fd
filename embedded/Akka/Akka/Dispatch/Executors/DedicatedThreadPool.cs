namespace Akka.Dispatch;

/// <summary>Threads of a dispatcher's own, started when first needed.</summary>
/// <remarks>
/// 1. <c>_queue</c>, <c>_idle</c>, <c>_started</c> and <c>_ended</c> are guarded by <c>_lock</c>. Whoever enqueues wakes one
///    thread when one sleeps: a thread that finds no work sleeps at once, as spinning would take the core from a thread
///    that has some.
/// 2. After <see cref="Shutdown"/> threads empty the queue and end; a turn that comes later runs on the thread pool, as
///    the actors it belongs to have their last words to say.
/// </remarks>
internal sealed class DedicatedThreadPool(string name, int threads, bool background) : Executor
{
    private readonly object _lock = new();
    private readonly Queue<IThreadPoolWorkItem> _queue = new();
    private int _idle;
    private bool _started;
    private bool _ended;

    public override void Execute(IThreadPoolWorkItem turn)
    {
        lock (_lock)
        {
            if (!_ended)
            {
                _queue.Enqueue(turn);
                if (!_started)
                    StartThreads();
                if (_idle > 0)
                    Monitor.Pulse(_lock);
                return;
            }
        }
        ThreadPoolExecutor.Instance.Execute(turn);
    }

    public override void Shutdown()
    {
        lock (_lock)
        {
            _ended = true;
            Monitor.PulseAll(_lock);
        }
    }

    private void StartThreads()
    {
        _started = true;
        for (var i = 1; i <= threads; i++)
            new Thread(Work) { Name = $"{name}-{i}", IsBackground = background }.Start();
    }

    private void Work()
    {
        while (Take() is { } turn)
            turn.Execute();
    }

    /// <summary>Waits for the next turn; null when there will be none.</summary>
    private IThreadPoolWorkItem Take()
    {
        lock (_lock)
        {
            IThreadPoolWorkItem turn;
            while (!_queue.TryDequeue(out turn) && !_ended)
            {
                _idle++;
                Monitor.Wait(_lock);
                _idle--;
            }
            return turn;
        }
    }
}
