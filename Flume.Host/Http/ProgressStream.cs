using System.Threading.Channels;

namespace Flume.Host.Http;

/// <summary>Answers a long operation with JSON lines: its progress, then its result.</summary>
internal static class ProgressStream
{
    /// <summary>
    /// Runs <paramref name="work"/> and returns the lines of <paramref name="tell"/> for its latest progress, a few
    /// times a second, then the result.
    /// </summary>
    public static async IAsyncEnumerable<byte[]> LinesAsync<T>(
        Func<IProgress<T>, Task<byte[]>> work, Func<T, byte[]> tell)
    {
        // Only the latest progress is kept: a slow reader skips some.
        Channel<T> news = Channel.CreateBounded<T>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        Task<byte[]> done = work(new News<T>(news.Writer, TimeProvider.System));
        _ = done.ContinueWith(
            static (_, writer) => ((ChannelWriter<T>)writer!).TryComplete(), news.Writer,
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        await foreach (T at in news.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
            yield return tell(at);
        yield return await done.ConfigureAwait(false);
    }

    /// <summary>Writes one line of progress.</summary>
    public static void WriteLine(NdjsonWriter writer, byte[] line)
    {
        writer.WriteJson(line);
        writer.EndLine();
    }

    private sealed class News<T>(ChannelWriter<T> writer, TimeProvider time) : IProgress<T>
    {
        private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(200);
        private long told = time.GetTimestamp();

        public void Report(T value)
        {
            long last = Interlocked.Read(ref told);
            if (time.GetElapsedTime(last) < Every) return;
            if (Interlocked.CompareExchange(ref told, time.GetTimestamp(), last) == last) writer.TryWrite(value);
        }
    }
}
