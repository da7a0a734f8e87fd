using Flume.Ssb.Api;

namespace Flume.Actors;

/// <summary>How rows are rebuilt: <c>flume.rebuild</c>.</summary>
public sealed record RebuildSettings(TimeSpan Gather, int Threads, long MemoryBytes, double Share, TimeSpan ProgressEvery)
{
    /// <summary>The budget of a rebuild that only packs rows: nobody waits for it, and live views share its cores.</summary>
    public IndexBudget CompactionBudget { get; init; } = IndexBudget.Full;

    internal static RebuildSettings Read(SettingsReader reader)
    {
        int threads = reader.Int("flume.rebuild.threads", 0, 1024);
        return new(
            reader.Milliseconds("flume.rebuild.gather-ms", 0, 60_000),
            threads == 0 ? Environment.ProcessorCount : threads,
            reader.Bytes("flume.rebuild.memory-bytes", 1 << 20, 64L << 30),
            reader.Fraction("flume.rebuild.share", 0, 1),
            reader.Milliseconds("flume.rebuild.progress-every-ms", 10, 60_000))
        {
            CompactionBudget = new IndexBudget(reader.Fraction("flume.rebuild.repack-share", 0, 1)),
        };
    }
}
