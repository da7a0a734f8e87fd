using Flume.Query.MapFilterReduce;

namespace Flume.Actors;

/// <summary>Limits of waiting readers and of queries: <c>flume.reads</c>.</summary>
public sealed record ReadSettings(int WaitingMax, TimeSpan WaitMax, int LiveMax, QueryLimits Queries)
{
    internal static ReadSettings Read(SettingsReader reader) => new(
        reader.Int("flume.reads.waiting-max", 1, 1_000_000),
        reader.Milliseconds("flume.reads.wait-ms-max", 1, 3_600_000),
        reader.Int("flume.reads.live-max", 1, 1_000_000),
        new QueryLimits(
            reader.Int("flume.reads.held-items-max", 1, 1_000_000_000),
            reader.Bytes("flume.reads.held-bytes-max", 1024, 1L << 40)));
}
