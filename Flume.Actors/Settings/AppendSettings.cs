namespace Flume.Actors;

/// <summary>Settings of the append queue and its groups: <c>flume.append</c>.</summary>
public sealed record AppendSettings(
    int WaitingMax, long WaitingBytesMax, int GroupMax, long GroupBytesMax, TimeSpan GroupDelay)
{
    internal static AppendSettings Read(SettingsReader reader) => new(
        reader.Int("flume.append.waiting-max", 1, 10_000_000),
        reader.Bytes("flume.append.waiting-bytes-max", 1 << 10, 512L << 20),
        reader.Int("flume.append.group-max", 1, 1_000_000),
        reader.Bytes("flume.append.group-bytes-max", 1 << 10, 512L << 20),
        reader.Milliseconds("flume.append.group-delay-ms", 0, 10_000));
}
