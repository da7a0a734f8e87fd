using System.Diagnostics;
using Flume.Log;
using Flume.Primitives;
using Flume.Store;
using Flume.Store.Bulk;
using Flume.Telemetry;

namespace Flume.Views.Bulk;

/// <summary>
/// Builds fresh stores for several views from one scan of the log, on all cores (design: rebuild is its own path).
/// </summary>
/// <remarks>
/// 1. Each record is read and decoded once, for all views. Threads take runs of records from one scanner; the order in
/// which they apply them does not matter, since <see cref="IView.Apply"/> depends on the record alone and sealing
/// sorts.
/// 2. The log is read through bounded buffers, postings beyond the memory budget go to disk as sorted runs.
/// 3. A store is whole or it is not there: rows and since come into it in one ingest, and nobody sees it before the
/// caller promotes it. A scan that is cancelled or dies leaves folders that the next start removes.
/// 4. A view whose <c>Apply</c> throws fails alone.
/// </remarks>
internal sealed class BulkIndexer
{
    private readonly BulkRequest _request;
    private readonly BulkMemory _memory;
    private readonly BulkView[] _views;
    private readonly Offset _since;
    private long _bytesTotal;
    private long _records;
    private long _bytes;

    private BulkIndexer(BulkRequest request)
    {
        _request = request;
        _since = request.Log.Head;
        _memory = new BulkMemory(request.MemoryBytes);
        _views = [.. request.Views.Select(target => new BulkView(target, _memory))];
    }

    /// <summary>
    /// Builds the stores; when it returns, each that has no failure is whole and durable, ready to be promoted.
    /// </summary>
    /// <exception cref="OperationCanceledException">Cancelled; the folders hold nothing of use.</exception>
    /// <exception cref="LogDamagedException">A record does not verify.</exception>
    public static async Task<BulkResult> RunAsync(BulkRequest request, CancellationToken cancel = default)
    {
        BulkIndexer indexer = new(request);
        var rebuilding = Timing.Start(Instruments.RebuildDuration);
        using Activity? activity = Instruments.Activities.StartActivity("rebuild");
        activity?.SetTag("flume.views", string.Join(',', request.Views.Select(target => target.View.Name)));
        string outcome = "failed";
        try
        {
            long start = Stopwatch.GetTimestamp();
            await indexer.ScanAsync(cancel).ConfigureAwait(false);
            TimeSpan scanTime = Stopwatch.GetElapsedTime(start);
            await indexer.SealAsync(cancel).ConfigureAwait(false);
            request.Boxes?.Memory?.Flush();
            outcome = "built";
            return new BulkResult(indexer._since, indexer._records, indexer._bytes, scanTime,
                [.. indexer._views.Select(view => view.Result())]);
        }
        catch (OperationCanceledException)
        {
            outcome = "cancelled";
            throw;
        }
        finally
        {
            rebuilding.Stop("outcome", outcome);
            Instruments.RebuildRecords.Add(indexer._records);
            activity?.SetTag("flume.records", indexer._records).SetTag("flume.outcome", outcome);
            foreach (BulkView view in indexer._views) view.Dispose();
            indexer._memory.Dispose();
        }
    }

    private Task ScanAsync(CancellationToken cancel)
    {
        foreach (BulkView view in _views) view.Open();
        long start = _views.Min(view => view.From.Value), end = _since.IsSome ? _request.Log.Next(_since).Value : 0;
        _bytesTotal = end - start;
        LogScanner scanner = new(_request.Log, _request.Log.StartBefore(start), _since);
        int next = -1;
        return OnThreads(_request.Degree, (_, stop) =>
        {
            for (int i; (i = Interlocked.Increment(ref next)) < _views.Length;) _views[i].TakeKept(stop);
            Scan(scanner, stop);
        }, cancel);
    }

    private void Scan(LogScanner scanner, CancellationToken stop)
    {
        using BulkWorker worker = new(_request, _views);
        Throttle throttle = new(_request.Share, () => _request.RecordsPerSecond() / Math.Max(1, _request.Degree));
        while (!stop.IsCancellationRequested && worker.ApplyRun(scanner, stop))
        {
            Report(worker.RunRecords, worker.RunBytes, BulkPhase.Scanning);
            throttle.Rest(stop, worker.RunRecords);
        }
    }

    private Task SealAsync(CancellationToken cancel)
    {
        Report(0, 0, BulkPhase.Sealing);
        (BulkView View, long Collected)[] largestFirst =
            [.. _views.Select(view => (view, view.Collected)).OrderByDescending(view => view.Collected)];
        // A view that is more than a thread's part of the work is cut into as many pieces.
        long part = Math.Max(1, largestFirst.Sum(view => view.Collected) / _request.Degree);
        int next = -1;
        return OnThreads(Math.Min(_request.Degree, _views.Length), (_, stop) =>
        {
            for (int i; (i = Interlocked.Increment(ref next)) < largestFirst.Length && !stop.IsCancellationRequested;)
            {
                (BulkView view, long collected) = largestFirst[i];
                view.Seal(_since, (int)Math.Clamp((collected + part - 1) / part, 1, _request.Degree), stop);
            }
        }, cancel);
    }

    private void Report(int records, int bytes, BulkPhase phase)
    {
        long recordsDone = Interlocked.Add(ref _records, records);
        long bytesDone = Interlocked.Add(ref _bytes, bytes);
        _request.Progress?.Report(new BulkProgress(recordsDone, bytesDone, _bytesTotal, phase));
    }

    /// <summary>
    /// Runs <paramref name="work"/> on threads of its own; the first failure stops the others and is thrown.
    /// </summary>
    private async Task OnThreads(int degree, Action<int, CancellationToken> work, CancellationToken cancel)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Task[] tasks = new Task[Math.Max(1, degree)];
        for (int i = 0; i < tasks.Length; i++)
        {
            int thread = i;
            tasks[i] = Task.Factory.StartNew(() =>
            {
                try
                {
                    if (_request.IsQuiet) QuietThread.Become();
                    work(thread, stop.Token);
                }
                catch
                {
                    stop.Cancel();
                    throw;
                }
            }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        await Task.WhenAll(tasks).ConfigureAwait(false);
        cancel.ThrowIfCancellationRequested();
    }
}
