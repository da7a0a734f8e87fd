using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Flume.Host.Metrics;

/// <summary>The metrics of connections and calls of Scuttlebutt programs.</summary>
/// <remarks>Methods are those of the API table, so that their number is limited.</remarks>
internal static class MuxrpcMetrics
{
    /// <summary>The meter's name.</summary>
    public const string Name = "Flume.Muxrpc";

    private static readonly Meter Meter = new(Name);

    private static readonly Histogram<double> Durations = Meter.CreateHistogram(
        "flume.muxrpc.call.duration", "s", "From a call over muxrpc to its answer.", null, new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
        });

    private static readonly Counter<long> Streams = Meter.CreateCounter<long>(
        "flume.muxrpc.streams", "{stream}", "Streams that began over muxrpc.");

    private static long _owners, _peers;

    static MuxrpcMetrics() => Meter.CreateObservableUpDownCounter(
        "flume.muxrpc.connections",
        () => (Measurement<long>[])
        [
            new(Interlocked.Read(ref _owners), Tag("role", "owner")), new(
                Interlocked.Read(ref _peers), Tag("role", "peer")),
        ],
        "{connection}", "Connections open over muxrpc.");

    /// <summary>Creates the instruments, so that they are collected before the first connection.</summary>
    public static void Begin()
    {
    }

    /// <summary>Counts a connection until the result is disposed.</summary>
    public static IDisposable Connect(bool isOwner) => new Connection(isOwner);

    /// <summary>Counts the start of a stream.</summary>
    public static void Stream(string method) => Streams.Add(1, Tag("rpc.method", method));

    /// <summary>Measures a call.</summary>
    public static async ValueTask<T> MeasureAsync<T>(string method, Func<ValueTask<T>> call)
    {
        long start = Stopwatch.GetTimestamp();
        string? error = null;
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            error = failure.GetType().Name;
            throw;
        }
        finally
        {
            TagList tags = new() { { "rpc.method", method } };
            if (error is not null) tags.Add("error.type", error);
            Durations.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, tags);
        }
    }

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);

    private sealed class Connection : IDisposable
    {
        private readonly bool _isOwner;
        private int _isEnded;

        public Connection(bool isOwner)
        {
            _isOwner = isOwner;
            Add(1);
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isEnded, 1) == 0) Add(-1);
        }

        private void Add(long change) => Interlocked.Add(ref _isOwner ? ref _owners : ref _peers, change);
    }
}
