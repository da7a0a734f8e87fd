using Flume.TestKit;
using Xunit;

namespace Flume.Log.Tests;

/// <summary>Full disks and failing syncs.</summary>
public sealed class LogFaultTests : IDisposable
{
    private readonly TempLog _temp = new();
    private readonly FaultyDisk _disk = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void A_short_write_shows_readers_nothing_and_the_first_cause_stays()
    {
        using OffsetLog log = Open();
        log.AppendAll("before"u8.ToArray());
        _disk.Room = ("log.offset", 30);

        var failed = Assert.Throws<LogWriteFailedException>(() => AppendThree(log));
        _disk.Room = null;
        var refused = Assert.Throws<LogRejectedException>(() => log.AppendAll("later"u8.ToArray()));

        Assert.Contains("No space left on device", failed.Message);
        Assert.Contains("No space left on device", refused.Message);
        Assert.Same(failed.InnerException, refused.InnerException);
        Assert.Same(failed.InnerException, log.RefusesWritesBecause);
        Assert.Equal([0], log.Offsets());
        Assert.Throws<LogRejectedException>(() => log.Delete(Offset.Zero, Durability.Os));
        Assert.Throws<LogRejectedException>(() => log.Flush(Durability.Fsync));
    }

    [Fact]
    public void Reopening_keeps_what_the_failed_append_left_aside_and_writes_go_on()
    {
        using OffsetLog log = Open();
        log.AppendAll("before"u8.ToArray());
        _disk.Room = ("log.offset", 30);
        Assert.Throws<LogWriteFailedException>(() => AppendThree(log));
        _disk.Room = null;

        string? kept = log.Reopen();

        Assert.Equal(30, new FileInfo(kept!).Length);
        Assert.Null(log.RefusesWritesBecause);
        Assert.Equal([18], log.AppendAll("after"u8.ToArray()).Select(offset => offset.Value));
        Assert.Equal([0, 18], log.Offsets());
    }

    [Fact]
    public void Reopening_fails_while_the_disk_does_and_the_first_cause_is_still_named()
    {
        using OffsetLog log = Open();
        _disk.SyncFails = true;
        var first = Assert.Throws<LogWriteFailedException>(() => log.Append("x"u8.ToArray(), Durability.Fsync));

        Assert.Throws<LogWriteFailedException>(() => log.Reopen());
        Assert.Same(first.InnerException, log.RefusesWritesBecause);

        _disk.SyncFails = false;
        log.Reopen();
        Assert.Equal(Offset.Zero, log.Append("x"u8.ToArray(), Durability.Fsync));
    }

    [Fact]
    public void After_a_failed_sync_readable_bytes_are_written_once_more_before_they_are_synced()
    {
        using OffsetLog log = Open();
        log.Append("synced"u8.ToArray(), Durability.Fsync);
        log.Append("readable"u8.ToArray(), Durability.Os);
        _disk.SyncFails = true;
        Assert.Throws<LogWriteFailedException>(() => log.Flush(Durability.Fsync));
        _disk.SyncFails = false;
        int before = _disk.Steps.Count;

        log.Reopen();

        DiskStep rewrite = _disk.Steps.Skip(before).First(step => step.Written is not null);
        Assert.Equal(18, rewrite.Position);
        Assert.Equal(20, rewrite.Written!.Length);
        Assert.True(_disk.Steps[^1].IsSync);
    }

    [Fact]
    public void A_log_whose_torn_end_cannot_be_kept_opens_readable_and_refuses_writes_until_it_can()
    {
        _temp.Write(OffsetWidth.Bits32, "a"u8.ToArray(), "b"u8.ToArray());
        byte[] torn = _temp.Bytes()[..^1];
        File.WriteAllBytes(_temp.Path, torn);
        _disk.Room = ("-1", 0);

        using OffsetLog log = Open();

        Assert.Equal([0], log.Offsets());
        Assert.Null(log.Recovery.CutFile);
        Assert.Equal(torn, _temp.Bytes());
        Assert.Throws<LogRejectedException>(() => log.AppendAll("c"u8.ToArray()));
        _disk.Room = null;
        Assert.Equal(torn[13..], File.ReadAllBytes(log.Reopen()!));
        log.AppendAll("c"u8.ToArray());
        Assert.Equal([0, 13], log.Offsets());
    }

    [Fact]
    public void Whatever_cannot_be_appended_is_refused_before_a_byte_is_written()
    {
        var options = new LogOptions { RecordBytesMax = 100, AppendBytesMax = 150 };
        using OffsetLog log = OffsetLog.Open(_temp.Path, options);

        Assert.Contains("101 bytes, more than the 100", Rejection(log, new byte[101]));
        Assert.Contains("more than the 150 allowed", Rejection(log, new byte[100], new byte[100]));
        Assert.Empty(_temp.Bytes());
        Assert.Null(log.RefusesWritesBecause);
    }

    [Fact]
    [Trait("Category", "Slow")]
    public void The_last_byte_that_32_bits_can_name_is_the_last_one_of_the_log()
    {
        const long max = uint.MaxValue;
        _temp.Write(OffsetWidth.Bits32, "a"u8.ToArray());
        GrowSparse(max - 20);
        using OffsetLog log = _temp.Open();
        Assert.Equal(max - 20, log.EndPosition);

        Assert.Contains("32-bit offsets end at 4294967295", Rejection(log, new byte[9]));
        log.AppendAll([1, 2, 3, 4, 5, 6, 7, 8]);

        Assert.Equal(max, log.EndPosition);
        Assert.Equal(8, log.Get(log.Head).Payload.Length);
        Assert.Contains("Import it into a log of a larger width", Rejection(log, [1]));
    }

    private static void AppendThree(OffsetLog log) =>
        log.AppendAll("one"u8.ToArray(), "two"u8.ToArray(), "three"u8.ToArray());

    private static string Rejection(OffsetLog log, params byte[][] payloads) =>
        Assert.Throws<LogRejectedException>(() => log.AppendAll(payloads)).Message;

    /// <summary>Extends the log to a length with sparse records, which readers see as deleted.</summary>
    private void GrowSparse(long length)
    {
        using FileStream file = File.OpenWrite(_temp.Path);
        for (long at = file.Length; at < length;)
        {
            int payload = (int)Math.Min(1 << 30, length - at - 12);
            byte[] head = new byte[4], foot = new byte[8];
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(head, payload);
            head.CopyTo(foot, 0);
            Frame.WriteEnd(foot.AsSpan(4), at + payload + 12, 4);
            file.Position = at;
            file.Write(head);
            file.Position = at + 4 + payload;
            file.Write(foot);
            at += payload + 12;
        }
    }

    private OffsetLog Open() => OffsetLog.Open(_temp.Path, new LogOptions { Disk = _disk });
}
