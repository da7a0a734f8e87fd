using Flume.TestKit;

namespace Flume.Log.Tests;

public sealed class LogRepairTests
{
    [Fact]
    public void Any_one_changed_byte_of_a_block_is_computed_from_its_checksum() => TestSeed.Run(1, random =>
    {
        byte[] block = new byte[65536];
        int computed = 0;
        for (int round = 0; round < 200; round++)
        {
            random.NextBytes(block);
            uint crc = Crc32C.Of(block);
            int at = round switch { 0 => 0, 1 => block.Length - 1, _ => random.Next(block.Length) };
            byte mask = (byte)random.Next(1, 256);
            block[at] ^= mask;
            if (LogRepair.Only(block, crc) is not { } found) continue; // two bytes explain it: 1 of 256
            Assert.Equal((at, mask), found);
            computed++;
        }

        Assert.InRange(computed, 180, 200);
    });

    [Fact]
    public void Larger_damage_is_seldom_taken_for_one_byte() => TestSeed.Run(1, random =>
    {
        byte[] block = new byte[65536];
        int taken = 0;
        for (int round = 0; round < 200; round++)
        {
            random.NextBytes(block);
            uint crc = Crc32C.Of(block);
            random.NextBytes(block.AsSpan(random.Next(60_000), 100));
            if (LogRepair.Only(block, crc) is not null) taken++;
        }

        Assert.InRange(taken, 0, 12); // 1 of 256 is expected
    });

    [Fact]
    public void A_log_with_a_changed_byte_is_made_what_it_was() => TestSeed.Run(1, random =>
    {
        using TempLog temp = new();
        byte[] record = new byte[5000];
        using (OffsetLog log = OffsetLog.Open(temp.Path))
        {
            for (int i = 0; i < 60; i++)
            {
                random.NextBytes(record);
                log.Append(record.ToArray(), Durability.Os);
            }
        }

        byte[] sound = File.ReadAllBytes(temp.Path);
        foreach (int at in (int[])[0, 2, 70_000, 131_072, 5 * 5012 - 3])
        {
            byte[] changed = [.. sound];
            changed[at] ^= 0x40;
            File.WriteAllBytes(temp.Path, changed);
            Assert.False(LogVerifier.Verify(temp.Path).Sound);

            LogByteRepair repair = Assert.Single(LogRepair.Find(temp.Path));
            Assert.Equal((at, sound[at]), (repair.Position, repair.Was));
            LogRepair.Apply(temp.Path, repair);
            Assert.Equal(sound, File.ReadAllBytes(temp.Path));
            Assert.Throws<IOException>(() => LogRepair.Apply(temp.Path, repair));
        }
    });
}
