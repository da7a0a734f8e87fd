using Flume.Log.Primitives;
using Flume.Views.Rebuilds;

namespace Flume.Views.Checking;

/// <summary>
/// Runs the work of a check on dedicated threads, within the limits of its options, and reports its progress.
/// </summary>
internal sealed class CheckPace(ViewCheckOptions options, long total, CancellationToken cancel)
{
    private long _done;

    /// <summary>Runs <paramref name="work"/> on one thread.</summary>
    public Task OneAsync(Action<Throttle, CancellationToken> work) => StartAsync(work, cancel);

    /// <summary>
    /// Runs <paramref name="work"/> on as many threads as the options allow. The first failure stops all threads.
    /// </summary>
    public async Task AllAsync(Action<Throttle, CancellationToken> work)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Task[] threads = new Task[Math.Max(1, options.Degree)];
        for (int i = 0; i < threads.Length; i++)
        {
            threads[i] = StartAsync(work, stop.Token);
            _ = threads[i].ContinueWith(
                static (_, source) => ((CancellationTokenSource)source!).Cancel(), stop, CancellationToken.None,
                TaskContinuationOptions.NotOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }

        try
        {
            await Task.WhenAll(threads).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            foreach (Task failed in threads)
                if (failed.IsFaulted) await failed.ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Counts work done; called from any thread.</summary>
    public void Report(long more)
    {
        long done = Interlocked.Add(ref _done, more);
        options.Progress?.Report(new ViewCheckProgress(Math.Min(done, total), total));
    }

    private Task StartAsync(Action<Throttle, CancellationToken> work, CancellationToken stop) =>
        Task.Factory.StartNew(
            () =>
            {
                if (options.IsGentle) LowPriorityThread.Become();
                work(new Throttle(() => options.Share), stop);
                stop.ThrowIfCancellationRequested();
            },
            stop, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
