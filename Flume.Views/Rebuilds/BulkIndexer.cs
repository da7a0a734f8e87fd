using System.Diagnostics;
using System.Runtime.ExceptionServices;
using Flume.Log;
using Flume.Log.Primitives;
using Flume.Log.Telemetry;
using Flume.Views.Store.Bulk;

namespace Flume.Views.Rebuilds;

/// <summary>Builds fresh stores for several views with one scan of the log, on all cores.</summary>
/// <remarks>
/// 1. The scan decodes each record once for all views. Threads take batches from one scanner. Their order does not
/// matter, because <see cref="IView.Apply"/> depends on one record only and sealing sorts the rows.
/// 2. The scan reads the log through bounded buffers. Postings above the memory budget are spilled to disk as sorted
/// runs.
/// 3. One ingest adds rows and since to a store. Readers see the store after the caller promotes it. A cancelled or
/// failed scan leaves folders that the next start deletes.
/// 4. If a view's <c>Apply</c> throws, only that view fails.
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
        _views = Array.ConvertAll<BulkTarget, BulkView>([.. request.Views], target => new BulkView(target, _memory));
    }

    /// <summary>
    /// Builds the stores. On return, each store without a failure is complete and durable. The calling thread takes
    /// part in the work.
    /// </summary>
    /// <exception cref="OperationCanceledException">Cancelled. The folders contain no usable store.</exception>
    /// <exception cref="LogDamagedException">A record does not verify.</exception>
    /// <exception cref="IOException">A store cannot be created, or a disk operation fails.</exception>
    public static BulkResult Run(BulkRequest request, CancellationToken cancel = default) =>
        new BulkIndexer(request).Run(cancel);

    /// <summary>
    /// As <see cref="Run(BulkRequest, CancellationToken)"/>, with telemetry and on dedicated threads.
    /// </summary>
    public static Task<BulkResult> RunAsync(BulkRequest request, CancellationToken cancel = default) =>
        DedicatedThread.Start(() => Measured(request, cancel));

    private static BulkResult Measured(BulkRequest request, CancellationToken cancel)
    {
        BulkIndexer indexer = new(request);
        var rebuilding = Timing.Start(Instruments.RebuildDuration);
        using Activity? activity = Instruments.Activities.StartActivity("rebuild");
        activity?.SetTag("flume.views", string.Join(',', request.Views.Select(target => target.View.Name)));
        string outcome = "failed";
        try
        {
            BulkResult result = indexer.Run(cancel);
            outcome = "built";
            return result;
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
        }
    }

    private BulkResult Run(CancellationToken cancel)
    {
        try
        {
            long start = Stopwatch.GetTimestamp();
            ScanAll(cancel);
            TimeSpan scanTime = Stopwatch.GetElapsedTime(start);
            SealAll(cancel);
            _request.Format.Flush();
            return new BulkResult(_since, _records, _bytes, scanTime, Array.ConvertAll(_views, view => view.Result()));
        }
        finally
        {
            foreach (BulkView view in _views) view.Dispose();
            // Returning the pages to the system takes time, so the thread pool does it.
            ThreadPool.UnsafeQueueUserWorkItem(static memory => memory.Dispose(), _memory, preferLocal: false);
        }
    }

    private void ScanAll(CancellationToken cancel)
    {
        foreach (BulkView view in _views) view.Open();
        Offset from = _views[0].From;
        foreach (BulkView view in _views) from = view.From < from ? view.From : from;
        _bytesTotal = (_since.IsSome ? _request.Log.Next(_since).Value : 0) - from.Value;
        LogScanner scanner = new(_request.Log, _request.Log.StartBefore(from.Value), _since);
        int next = -1;
        OnThreads(_request.Degree, stop =>
        {
            for (int i; (i = Interlocked.Increment(ref next)) < _views.Length;) _views[i].CopyRetained(stop);
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

    private void SealAll(CancellationToken cancel)
    {
        Report(0, 0, BulkPhase.Sealing);
        (BulkView[] views, long[] collected) = LargestFirst(out long total);
        // A view larger than one thread's part of the work is divided into that many pieces.
        long part = Math.Max(1, total / _request.Degree);
        uint fingerprint = LogFingerprint.At(_request.Log, _since);
        var taking = new Task[views.Length];
        Array.Fill(taking, Task.CompletedTask);
        try
        {
            int next = -1;
            OnThreads(Math.Min(_request.Degree, views.Length), stop =>
            {
                for (int i; (i = Interlocked.Increment(ref next)) < views.Length && !stop.IsCancellationRequested;)
                {
                    long pieces = (collected[i] + part - 1) / part;
                    views[i].Pack((_since, fingerprint), (int)Math.Clamp(pieces, 1, _request.Degree), stop);
                    taking[i] = TakeInAsync(views[i], cancel);
                }
            }, cancel);
        }
        finally
        {
            // Wait in every case, because the threads still use the resources.
            foreach (Task task in taking) DedicatedThread.AwaitEnd(task);
        }

        foreach (Task task in taking) task.GetAwaiter().GetResult();
    }

    /// <summary>The views in descending order of collected postings, so that the largest view starts first.</summary>
    private (BulkView[] Views, long[] Collected) LargestFirst(out long total)
    {
        BulkView[] views = [.. _views];
        long[] collected = new long[views.Length];
        total = 0;
        // Insertion sort: compiling the library's generic sort for these types takes longer than a rebuild.
        for (int i = 0; i < views.Length; i++)
        {
            BulkView view = views[i];
            total += collected[i] = view.Collected;
            for (int at = i; at > 0 && collected[at - 1] < collected[at]; at--)
            {
                (collected[at - 1], collected[at]) = (collected[at], collected[at - 1]);
                (views[at - 1], views[at]) = (view, views[at - 1]);
            }
        }

        return (views, collected);
    }

    /// <summary>Waits for the disk on a dedicated thread, so that the packing threads continue.</summary>
    private Task TakeInAsync(BulkView view, CancellationToken cancel) => DedicatedThread.Start(() =>
    {
        if (_request.IsQuiet) LowPriorityThread.Become();
        view.TakeIn(cancel);
    });

    private void Report(int records, int bytes, BulkPhase phase)
    {
        long recordsDone = Interlocked.Add(ref _records, records);
        long bytesDone = Interlocked.Add(ref _bytes, bytes);
        _request.Progress?.Report(new BulkProgress(recordsDone, bytesDone, _bytesTotal, phase));
    }

    /// <summary>
    /// Runs <paramref name="work"/> on this thread and others. The first failure stops all threads and is thrown.
    /// </summary>
    private void OnThreads(int degree, Action<CancellationToken> work, CancellationToken cancel)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        ExceptionDispatchInfo? failure = null;
        var others = new Thread[Math.Max(1, degree) - 1];
        for (int i = 0; i < others.Length; i++)
        {
            others[i] = new Thread(Work) { IsBackground = true, Name = "rebuild" };
            others[i].Start();
        }

        Work();
        foreach (Thread other in others) other.Join();
        failure?.Throw();
        cancel.ThrowIfCancellationRequested();

        void Work()
        {
            try
            {
                if (_request.IsQuiet) LowPriorityThread.Become();
                work(stop.Token);
            }
            catch (Exception cause)
            {
                Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(cause), null);
                stop.Cancel();
            }
        }
    }
}
