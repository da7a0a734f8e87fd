using Flume.TestKit;
using Xunit;

namespace Flume.Log.Tests;

/// <summary>A power loss inside a delete: the record ends deleted, and no other record is lost or damaged.</summary>
public sealed class TornDeleteTests : IDisposable
{
    private const int PayloadBytes = 3000;

    private readonly TempLog _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Zeros_of_a_torn_delete_are_no_hole_behind_an_older_mark()
    {
        var disk = new FaultyDisk();
        long last;
        using (OffsetLog log = OffsetLog.Open(_temp.Path, new LogOptions { Disk = disk }))
        {
            last = log.Append([Text(), Text(), Text()], Durability.Fsync).Head.Value;
            log.Delete(Offset.Zero, Durability.Fsync);
        }

        KeepMarkBeforeZeros(disk);
        TearDelete(_temp);
        using OffsetLog after = _temp.Open();
        Assert.Equal(last, after.Head.Value);
        Assert.False(after.Recovery.Torn);
    }

    [Fact]
    public void A_torn_delete_is_finished_in_a_block_that_has_a_checksum()
    {
        using (OffsetLog log = OffsetLog.Open(_temp.Path, Options))
        {
            log.Append([Text(), Text(), Text(), Text()], Durability.Fsync);
            while (log.AddChecksums())
            {
            }
        }

        TearDelete(_temp);
        using OffsetLog after = OffsetLog.Open(_temp.Path, Options);
        Assert.Throws<LogDamagedException>(() => after.Get(Offset.Zero));

        after.FinishDelete(Offset.Zero);

        Assert.Throws<LogDeletedException>(() => after.Get(Offset.Zero));
        Assert.Equal(3, after.Offsets().Length);
        Assert.True(LogVerifier.Verify(after).Sound);
        Assert.Throws<LogOffsetException>(() => after.FinishDelete(new Offset(1)));
        Assert.Throws<LogOffsetException>(() => after.FinishDelete(new Offset(after.EndPosition)));
    }

    [Fact]
    public void A_log_of_which_nothing_was_synced_opens_whatever_a_power_loss_left_of_it()
    {
        byte[] left = new byte[987];
        new Random(1).NextBytes(left);
        using (OffsetLog log = _temp.Open()) Assert.Equal(0, log.EndPosition);
        File.WriteAllBytes(_temp.Path, left);

        using OffsetLog after = _temp.Open();

        Assert.Equal(0, after.EndPosition);
        Assert.Equal(left, File.ReadAllBytes(after.Recovery.CutFile!));
        after.Append(Text(), Durability.Fsync);
    }

    private static LogOptions Options => new() { CrcBlockBytes = 4096 };

    private static ReadOnlyMemory<byte> Text() => Enumerable.Repeat((byte)'x', PayloadBytes).ToArray();

    /// <summary>The mark as it was on the device when the first byte was zeroed.</summary>
    private void KeepMarkBeforeZeros(FaultyDisk disk)
    {
        string mark = _temp.Path + ".synced";
        List<DiskStep> steps = [.. disk.Steps];
        int zeros = steps.FindIndex(step => step.Path == _temp.Path && step.Written is { } bytes && bytes.All(b => b == 0));
        int synced = steps.FindLastIndex(zeros, step => step.Path == mark && step.IsSync);
        File.WriteAllBytes(mark, disk.Image(mark, synced + 1, new Random(1)));
    }

    /// <summary>The first record has its bytes but for one sector of zeros, as a torn delete leaves it.</summary>
    private static void TearDelete(TempLog log)
    {
        byte[] bytes = log.Bytes();
        Text().CopyTo(bytes.AsMemory(4));
        bytes.AsSpan(512, 512).Clear();
        File.WriteAllBytes(log.Path, bytes);
    }
}
