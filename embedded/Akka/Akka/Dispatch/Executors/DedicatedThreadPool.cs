using System.Collections.Concurrent;

namespace Akka.Dispatch;

/// <summary>Threads of a dispatcher's own, started when first needed.</summary>
/// <remarks>
/// 1. Whoever enqueues releases the semaphore once; a thread that took a permit finds an item or the end.
/// 2. After <see cref="Shutdown"/> threads empty the queue and end; a turn that comes later runs on the thread pool, as
///    the actors it belongs to have their last words to say.
/// </remarks>
internal sealed class DedicatedThreadPool(string name, int threads, bool background) : Executor
{
    private readonly ConcurrentQueue<IThreadPoolWorkItem> _queue = new();
    private readonly SemaphoreSlim _permits = new(0);
    private int _started;
    private volatile bool _ended;

    public override void Execute(IThreadPoolWorkItem turn)
    {
        if (_ended)
        {
            ThreadPoolExecutor.Instance.Execute(turn);
            return;
        }
        _queue.Enqueue(turn);
        if (Volatile.Read(ref _started) == 0 && Interlocked.Exchange(ref _started, 1) == 0)
            StartThreads();
        _permits.Release();
        if (_ended)
            HandOver();
    }

    public override void Shutdown()
    {
        _ended = true;
        _permits.Release(threads);
    }

    private void StartThreads()
    {
        for (var i = 1; i <= threads; i++)
            new Thread(Work) { Name = $"{name}-{i}", IsBackground = background }.Start();
    }

    private void Work()
    {
        while (true)
        {
            _permits.Wait();
            if (_queue.TryDequeue(out var turn))
                turn.Execute();
            else if (_ended)
                return;
        }
    }

    private void HandOver()
    {
        while (_queue.TryDequeue(out var turn))
            ThreadPoolExecutor.Instance.Execute(turn);
    }
}
