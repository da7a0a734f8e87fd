using Flume.Log.Primitives;
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
            Items(reader),
            reader.BytesOrAuto("flume.reads.held-bytes-max", 1024, 1L << 40, (HeldShare, HeldBytesMost))));

    // An item that is held costs some hundred bytes beside its text.
    private const double HeldShare = 1.0 / 16, ItemShare = 1.0 / 4096;
    private const long HeldBytesMost = 512L << 20;
    private const int HeldItemsMost = 1_000_000;

    private static int Items(SettingsReader reader) => reader.Text("flume.reads.held-items-max") == "auto"
        ? (int)MachineMemory.Share(ItemShare, 1, HeldItemsMost)
        : reader.Int("flume.reads.held-items-max", 1, 1_000_000_000);
}
