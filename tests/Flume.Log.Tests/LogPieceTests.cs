using Flume.TestKit;
using Xunit;

namespace Flume.Log.Tests;

/// <summary>A log that is read by position gives what a mapped one gives.</summary>
public sealed class LogPieceTests : IDisposable
{
    private readonly TempLog _temp = new();

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData(OffsetWidth.Bits32)]
    [InlineData(OffsetWidth.Bits48)]
    [InlineData(OffsetWidth.Bits53)]
    public void Every_position_reads_alike_with_and_without_a_map(OffsetWidth width)
    {
        foreach (int seed in TestSeed.Draw(3))
        {
            var random = new Random(seed);
            int Length() => random.Next(4) == 0 ? random.Next(4_000, 9_000) : random.Next(1, 300);
            string path = _temp.Path + "-" + seed;
            using (OffsetLog writer = OffsetLog.Open(path, new LogOptions { Width = width }))
            {
                IReadOnlyList<Offset> offsets = writer.AppendAll(
                    [.. Enumerable.Range(0, 40).Select(_ => TempLog.Text(new string('x', Length())))]);
                writer.Delete(offsets[random.Next(40)], Durability.Os);
            }

            using OffsetLog mapped = OffsetLog.Open(path, new LogOptions { ReadOnly = true, Map = true });
            using OffsetLog unmapped = OffsetLog.Open(path, new LogOptions { ReadOnly = true, Map = false });
            for (long position = 0; position <= mapped.EndPosition; position++)
                Assert.True(
                    Answer(mapped, position) == Answer(unmapped, position), $"FLUME_SEED={seed}: position {position} differs");
        }
    }

    private static string Answer(OffsetLog log, long position)
    {
        var offset = new Offset(position);
        try
        {
            return log.TryRead(offset, out LogRecord record)
                ? $"{record.Next} {record.Deleted} {log.Previous(offset)} {Convert.ToHexString(record.Payload.Span)}" : "beyond";
        }
        catch (LogOffsetException)
        {
            return "no record";
        }
    }
}
