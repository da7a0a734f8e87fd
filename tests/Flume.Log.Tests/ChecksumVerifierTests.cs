using Flume.TestKit;
using Xunit;

namespace Flume.Log.Tests;

/// <summary>Block checksums detect damage, cause no false alarms, and are optional.</summary>
public sealed class ChecksumVerifierTests : IDisposable
{
    private static readonly LogOptions SmallBlocks = new() { CrcBlockBytes = 4096 };
    private readonly TempLog _temp = new();

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(1023)]
    [InlineData(64 * 1024)]
    public void The_checksum_is_CRC_32C_also_when_taken_in_pieces(int bytes)
    {
        byte[] data = new byte[bytes];
        new Random(bytes).NextBytes(data);

        Assert.Equal(Reference(data), Crc32C.Of(data));
        Assert.Equal(Reference(data), Crc32C.Append(Crc32C.Of(data.AsSpan(0, bytes / 3)), data.AsSpan(bytes / 3)));
        Assert.Equal(0xE3069283u, Crc32C.Of("123456789"u8));
    }

    [Fact]
    public void A_flipped_payload_bit_is_damage_for_every_way_of_reading() => TestSeed.Run(30, random =>
    {
        using var own = new TempLog();
        long[] offsets = Fill(own, random, 60);
        int payloadAt = FlipPayloadBit(own, random, offsets);

        using OffsetLog log = OffsetLog.Open(own.Path, SmallBlocks);

        long hit = offsets.Last(offset => offset <= payloadAt);
        Assert.Throws<LogDamagedException>(() => log.Get(new Offset(hit)));
        Assert.Throws<LogDamagedException>(() => log.All());
        Assert.Throws<LogDamagedException>(() => ScanAll(log));
        LogVerifyReport report = LogVerifier.Verify(log);
        LogDamage damage = Assert.Single(report.Damage);
        Assert.Contains("checksum", damage.Reason);
        Assert.InRange(payloadAt, damage.Offset.Value, (payloadAt / 4096 + 1) * 4096);
    });

    [Fact]
    public void Deleting_keeps_checksums_right_here_and_after_reopening() => TestSeed.Run(30, random =>
    {
        using var own = new TempLog();
        long[] offsets = Fill(own, random, 60);
        using (OffsetLog log = OffsetLog.Open(own.Path, SmallBlocks))
        {
            log.AppendAll(new byte[] { 1 });
            for (int i = 0; i < 5; i++)
                log.Delete(new Offset(offsets[random.Next(offsets.Length)]), Durability.Os);
            log.AppendAll(NonZero(random, 9000));
            Assert.True(LogVerifier.Verify(log).Sound);
        }

        using OffsetLog again = OffsetLog.Open(own.Path, SmallBlocks);
        Assert.True(LogVerifier.Verify(again).Sound);
        Assert.NotEmpty(again.All());
        Assert.True(again.ChecksummedEnd > again.EndPosition - 2 * 4096 - 9000);
    });

    [Fact]
    public void A_deletion_by_JavaScript_is_no_damage_and_the_next_flipped_bit_still_is() => TestSeed.Run(30, random =>
    {
        using var own = new TempLog();
        long[] offsets = Fill(own, random, 60);
        byte[] bytes = own.Bytes();
        int victim = random.Next(40);
        bytes.AsSpan((int)offsets[victim] + 4, (int)(offsets[victim + 1] - offsets[victim]) - 12).Clear();
        File.WriteAllBytes(own.Path, bytes);

        using (OffsetLog log = OffsetLog.Open(own.Path, SmallBlocks))
            Assert.Equal(offsets.Length - 1, log.All().Count);
        FlipPayloadBit(own, random, [.. offsets.Where(offset => offset != offsets[victim])]);

        using OffsetLog flipped = OffsetLog.Open(own.Path, SmallBlocks);
        Assert.Throws<LogDamagedException>(() => flipped.All());
    });

    [Fact]
    public void A_log_that_never_had_checksums_gets_them_step_by_step()
    {
        Fill(_temp, new Random(1), 200);
        File.Delete(_temp.Path + ".crc");

        using OffsetLog log = OffsetLog.Open(_temp.Path, SmallBlocks);
        Assert.Equal(0, log.ChecksummedEnd);
        while (log.AddChecksums())
        {
        }

        Assert.Equal(log.EndPosition / 4096 * 4096, log.ChecksummedEnd);
        LogVerifyReport report = LogVerifier.Verify(log);
        Assert.True(report.Sound);
        Assert.Equal(log.EndPosition / 4096, report.BlocksCompared);
    }

    [Fact]
    public void Checksums_taken_along_with_appends_equal_those_taken_afterwards()
    {
        Fill(_temp, new Random(2), 100);
        byte[] along = File.ReadAllBytes(_temp.Path + ".crc");
        File.Delete(_temp.Path + ".crc");

        using (OffsetLog log = OffsetLog.Open(_temp.Path, SmallBlocks))
        {
            while (log.AddChecksums())
            {
            }
        }

        Assert.Equal(along, File.ReadAllBytes(_temp.Path + ".crc"));
    }

    [Fact]
    public void Any_rubbish_in_the_side_file_leaves_the_log_readable() => TestSeed.Run(30, random =>
    {
        using var own = new TempLog();
        int count = Fill(own, random, 30).Length;
        byte[] side = File.ReadAllBytes(own.Path + ".crc");
        for (int i = 0; i < 10; i++)
            side[random.Next(side.Length)] ^= (byte)random.Next(1, 256);
        File.WriteAllBytes(own.Path + ".crc", side[..random.Next(side.Length)]);

        using OffsetLog log = OffsetLog.Open(own.Path, SmallBlocks);

        Assert.Equal(count, log.All().Count);
    });

    [Fact]
    public void The_side_file_of_another_log_is_recognized_and_made_anew()
    {
        Fill(_temp, new Random(3), 100);
        using var other = new TempLog();
        int count = Fill(other, new Random(4), 100).Length;
        File.Copy(_temp.Path + ".crc", other.Path + ".crc", overwrite: true);

        using OffsetLog log = OffsetLog.Open(other.Path, SmallBlocks);

        Assert.Equal(0, log.ChecksummedEnd);
        Assert.Equal(count, log.All().Count);
    }

    [Fact]
    public void Another_block_size_makes_the_side_file_anew()
    {
        int count = Fill(_temp, new Random(7), 100).Length;
        using (OffsetLog log = OffsetLog.Open(_temp.Path, SmallBlocks with { CrcBlockBytes = 16384 }))
        {
            Assert.Equal(0, log.ChecksummedEnd);
            Assert.True(log.AddChecksums());
        }

        using OffsetLog again = OffsetLog.Open(_temp.Path, SmallBlocks with { CrcBlockBytes = 16384 });
        Assert.Equal(again.EndPosition / 16384 * 16384, again.ChecksummedEnd);
        Assert.Equal(count, again.All().Count);
    }

    [Fact]
    public void A_side_file_that_cannot_be_written_stops_no_append()
    {
        var disk = new FaultyDisk { Room = (".crc", 0) };
        using OffsetLog log = OffsetLog.Open(_temp.Path, SmallBlocks with { Disk = disk });

        log.AppendAll(NonZero(new Random(5), 200_000));
        log.Delete(Offset.Zero, Durability.Os);
        log.AppendAll(NonZero(new Random(6), 200_000));

        Assert.Single(log.All());
        Assert.Null(log.RefusesWritesBecause);
        Assert.NotNull(log.Check.Fault);
    }

    private static long[] Fill(TempLog temp, Random random, int count)
    {
        using OffsetLog log = OffsetLog.Open(temp.Path, SmallBlocks);
        for (int i = 0; i < count; i++)
            log.AppendAll(NonZero(random, random.Next(1, i % 10 == 0 ? 10_000 : 600)));
        return log.Offsets();
    }

    private static byte[] NonZero(Random random, int bytes)
    {
        byte[] payload = new byte[bytes];
        random.NextBytes(payload);
        payload[^1] |= 1;
        return payload;
    }

    /// <summary>Flips a bit of a checksummed payload without making it all zeros. Returns its position.</summary>
    private static int FlipPayloadBit(TempLog temp, Random random, long[] offsets)
    {
        byte[] bytes = temp.Bytes();
        long sealedTo = bytes.Length / 4096 * 4096;
        while (true)
        {
            long offset = offsets[random.Next(offsets.Length)];
            int length = (int)Frame.ReadLength(bytes.AsSpan((int)offset));
            int at = (int)offset + 4 + random.Next(length);
            if (at >= sealedTo || length < 2)
                continue;
            bytes[at] ^= (byte)(1 << random.Next(8));
            if (Frame.IsDeleted(bytes.AsSpan((int)offset + 4, length)))
                continue;
            File.WriteAllBytes(temp.Path, bytes);
            return at;
        }
    }

    private static void ScanAll(OffsetLog log)
    {
        var scanner = new LogScanner(log, Offset.None, log.Head);
        using var run = new RecordBatch();
        while (scanner.ReadRun(run))
        {
        }
    }

    private static uint Reference(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int i = 0; i < 8; i++)
                crc = (crc >> 1) ^ ((crc & 1) * 0x82F63B78u);
        }

        return ~crc;
    }
}
