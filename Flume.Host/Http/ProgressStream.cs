using System.Threading.Channels;

namespace Flume.Host.Http;

/// <summary>Answers a long operation with JSON lines: its progress, then its result.</summary>
internal static class ProgressStream
{
    /// <summary>
    /// Runs <paramref name="work"/> and returns the lines of <paramref name="format"/> for its latest progress, a few
    /// times a second, then the result.
    /// </summary>
    public static async IAsyncEnumerable<byte[]> LinesAsync<T>(
        Func<IProgress<T>, Task<byte[]>> work, Func<T, byte[]> format)
    {
        // Only the latest progress is kept: a slow reader skips some.
        Channel<T> updates = Channel.CreateBounded<T>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        Task<byte[]> done = work(new LatestProgress<T>(updates.Writer, TimeProvider.System));
        _ = done.ContinueWith(
            static (_, writer) => ((ChannelWriter<T>)writer!).TryComplete(), updates.Writer,
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        await foreach (T at in updates.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
            yield return format(at);
        yield return await done.ConfigureAwait(false);
    }

    /// <summary>Writes one line of progress.</summary>
    public static void WriteLine(NdjsonWriter writer, byte[] line)
    {
        writer.WriteJson(line);
        writer.EndLine();
    }

    private sealed class LatestProgress<T>(ChannelWriter<T> writer, TimeProvider time) : IProgress<T>
    {
        private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(200);
        private long _lastReport = time.GetTimestamp();

        public void Report(T value)
        {
            long last = Interlocked.Read(ref _lastReport);
            if (time.GetElapsedTime(last) < Every) return;
            if (Interlocked.CompareExchange(ref _lastReport, time.GetTimestamp(), last) == last) writer.TryWrite(value);
        }
    }
}
