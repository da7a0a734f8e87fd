using Flume.Log;

namespace Flume.Actors;

/// <summary>Settings of opening logs: <c>flume.log</c>.</summary>
public sealed record LogSettings(
    OffsetWidth NewWidth, int RecordBytesMax, long MapChunkBytes, int CrcBlockBytes, int FollowPollMs)
{
    /// <summary>True to open every log read-only, also a log without another writer.</summary>
    public required bool ReadOnly { get; init; }

    /// <summary>True or false to read through a memory map or not; null to choose by who may write the log.</summary>
    public required bool? Map { get; init; }

    internal static LogSettings Read(SettingsReader reader)
    {
        int crc = (int)reader.Bytes("flume.log.crc-block-bytes", 4096, 1 << 20);
        if (!int.IsPow2(crc))
            throw reader.Wrong("flume.log.crc-block-bytes", ByteCount.Text(crc), "a power of two from 4KiB to 1MiB");
        return new(
            reader.OneOf(
                "flume.log.offset-bits",
                ("32", OffsetWidth.Bits32), ("48", OffsetWidth.Bits48), ("53", OffsetWidth.Bits53)),
            (int)reader.Bytes("flume.log.record-bytes-max", 1, 512 << 20),
            reader.Bytes("flume.log.map-chunk-bytes", 1 << 20, 1 << 30),
            crc,
            reader.Int("flume.log.follow-poll-ms", 1, 60_000))
        {
            ReadOnly = reader.Flag("flume.log.read-only"),
            Map = reader.OneOf<bool?>("flume.log.map", ("auto", null), ("on", true), ("off", false)),
        };
    }
}
