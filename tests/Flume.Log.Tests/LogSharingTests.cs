using System.Diagnostics;
using Flume.TestKit;
using Xunit;

namespace Flume.Log.Tests;

/// <summary>One writer, many followers.</summary>
public sealed class LogSharingTests : IDisposable
{
    private readonly TempLog _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void A_second_writer_of_this_process_is_refused_and_told_the_pid()
    {
        using (OffsetLog log = _temp.Open())
        {
            var refused = Assert.Throws<LogLockedException>(() => _temp.Open());
            Assert.Equal(Environment.ProcessId, refused.Pid);
            Assert.Contains($"pid {Environment.ProcessId}", refused.Message);
            log.AppendAll("still writable"u8.ToArray());
        }

        using OffsetLog next = _temp.Open();
        Assert.Equal(Offset.Zero, next.Head);
    }

    [Fact]
    [Trait("Category", "Slow")]
    public void A_lock_that_another_process_holds_is_respected_and_a_file_that_it_left_behind_is_not()
    {
        _temp.Open().Dispose();
        string name = _temp.Path + ".lock";
        File.WriteAllText(name, "4242\n");
        string[] hold = [name, "sh", "-c", "echo held; cat"];
        using Process holder = Process.Start(new ProcessStartInfo("flock", hold)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        Assert.Equal("held", holder.StandardOutput.ReadLine());

        Assert.Equal(4242, Assert.Throws<LogLockedException>(() => _temp.Open()).Pid);
        holder.StandardInput.Close();
        holder.WaitForExit();

        _temp.Open().Dispose();
    }

    [Fact]
    public void Two_names_of_one_log_are_one_log()
    {
        string alias = Path.Combine(_temp.Directory, "alias");
        Directory.CreateDirectory(Path.Combine(_temp.Directory, "real"));
        Directory.CreateSymbolicLink(alias, Path.Combine(_temp.Directory, "real"));
        using OffsetLog log = OffsetLog.Open(Path.Combine(alias, "log.offset"));

        Assert.Equal(Path.Combine(_temp.Directory, "real", "log.offset"), log.Path);
        Assert.Throws<LogLockedException>(() => OffsetLog.Open(Path.Combine(_temp.Directory, "real", "log.offset")));
    }

    [Theory]
    [InlineData("appends")]
    [InlineData("appends half a record")]
    [InlineData("cuts")]
    [InlineData("overwrites the last record")]
    public void A_log_that_another_process_wrote_takes_no_more_and_nothing_of_it_is_cut(string what)
    {
        using OffsetLog log = _temp.Open();
        log.AppendAll("one"u8.ToArray(), "two"u8.ToArray());
        byte[] whole = _temp.Bytes();
        byte[] foreign = what switch
        {
            "appends" => [.. whole, .. FrameAt(whole.Length, "three"u8)],
            "appends half a record" => [.. whole, .. FrameAt(whole.Length, "three"u8)[..7]],
            "cuts" => whole[..15],
            _ => [.. whole[..15], .. FrameAt(15, "other"u8)[..15]],
        };
        File.WriteAllBytes(_temp.Path, foreign);

        string refusal = Assert.Throws<LogRejectedException>(() => log.AppendAll("mine"u8.ToArray())).Message;
        Assert.Contains("Another process wrote the log", refusal);
        Assert.DoesNotContain("Reopen it", refusal);
        Assert.Throws<LogWriteFailedException>(() => log.Reopen());
        Assert.Throws<LogRejectedException>(() => log.Delete(Offset.Zero, Durability.Fsync));
        log.AddChecksums();
        Assert.Equal(foreign, _temp.Bytes());
        Assert.IsType<LogSharedException>(log.RefusesWritesBecause);
    }

    [Fact]
    public void Bytes_of_another_process_behind_an_own_failed_write_are_not_cut_either()
    {
        var disk = new FaultyDisk();
        using OffsetLog log = OffsetLog.Open(_temp.Path, new LogOptions { Disk = disk });
        log.AppendAll("one"u8.ToArray());
        disk.Room = ("log.offset", 5);
        Assert.Throws<LogWriteFailedException>(() => log.AppendAll("two"u8.ToArray()));
        disk.Room = null;
        byte[] foreign = [.. _temp.Bytes()[..15], .. FrameAt(15, "a foreign record"u8)];
        File.WriteAllBytes(_temp.Path, foreign);

        Assert.Throws<LogWriteFailedException>(() => log.Reopen());
        Assert.IsType<LogSharedException>(log.RefusesWritesBecause);
        Assert.Equal(foreign, _temp.Bytes());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Without_a_map_a_log_that_shrinks_is_an_error_and_not_the_end_of_the_process(bool isFollowed)
    {
        byte[] large = new byte[200_000];
        large.AsSpan().Fill((byte)'x');
        _temp.Write(OffsetWidth.Bits32, large, large, large);
        using OffsetLog log = OffsetLog.Open(_temp.Path, new LogOptions { ReadOnly = isFollowed, Map = isFollowed ? null : false });
        Assert.Equal(large, log.Get(log.Head).Payload.ToArray());
        using (var file = new FileStream(_temp.Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            file.SetLength(1000);
        Assert.ThrowsAny<Exception>(() => log.Get(log.Head));
        Assert.ThrowsAny<Exception>(() => log.Get(Offset.Zero));
    }

    private static byte[] FrameAt(long position, ReadOnlySpan<byte> payload)
    {
        byte[] frame = new byte[Frame.Overhead(4) + payload.Length];
        Frame.Write(frame, payload, position, 4);
        return frame;
    }

    [Fact]
    public void A_follower_sees_what_the_writer_appends()
    {
        using OffsetLog writer = _temp.Open(OffsetWidth.Bits48);
        writer.AppendAll("a"u8.ToArray());
        using OffsetLog follower = _temp.Follow();
        Assert.Equal([0], follower.Offsets());

        writer.AppendAll("b"u8.ToArray(), "c"u8.ToArray());

        Assert.Equal([0], follower.Offsets());
        Assert.True(follower.Refresh());
        Assert.False(follower.Refresh());
        Assert.Equal(writer.Offsets(), follower.Offsets());
        Assert.Throws<LogRejectedException>(() => follower.AppendAll("d"u8.ToArray()));
        Assert.Throws<LogRejectedException>(() => follower.Delete(Offset.Zero, Durability.Os));
    }

    [Fact]
    public async Task A_live_stream_of_a_follower_waits_for_the_writer()
    {
        using OffsetLog writer = _temp.Open();
        using OffsetLog follower = OffsetLog.Open(_temp.Path, new LogOptions { ReadOnly = true, FollowPollMs = 1 });
        var range = new LogRange { Live = true };
        await using IAsyncEnumerator<LogEntry> stream = follower.ReadAsync(range).GetAsyncEnumerator();

        ValueTask<bool> first = stream.MoveNextAsync();
        writer.AppendAll("a"u8.ToArray());

        Assert.True(await first);
        Assert.Equal(Offset.Zero, stream.Current.Offset);
    }

    [Fact]
    public void A_half_written_record_of_the_writer_is_read_when_it_is_whole()
    {
        _temp.Write(OffsetWidth.Bits32, "a"u8.ToArray(), "b"u8.ToArray());
        byte[] whole = _temp.Bytes();
        File.WriteAllBytes(_temp.Path, whole[..20]);
        using OffsetLog follower = _temp.Follow();
        Assert.Equal([0], follower.Offsets());

        File.WriteAllBytes(_temp.Path, whole);

        Assert.True(follower.Refresh());
        Assert.Equal([0, 13], follower.Offsets());
    }

    [Fact]
    public void A_follower_that_sees_its_file_shrink_says_so()
    {
        _temp.Write(OffsetWidth.Bits32, "a"u8.ToArray(), "b"u8.ToArray());
        using OffsetLog follower = _temp.Follow();
        using (var file = new FileStream(_temp.Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            file.SetLength(13);

        Assert.Contains("another program cut the file", Assert.Throws<LogDamagedException>(() => follower.Refresh()).Message);
    }

    [Fact]
    public void A_log_that_its_writer_changes_at_any_moment_of_opening_is_opened_to_follow()
    {
        byte[] small = "small"u8.ToArray(), large = new byte[5_000];
        large.AsSpan().Fill((byte)'x');
        _temp.Write(OffsetWidth.Bits32, [.. Enumerable.Repeat(small, 20)]);
        byte[] before = _temp.Bytes();
        using (OffsetLog log = _temp.Open()) log.AppendAll(large, small, large);
        byte[] after = _temp.Bytes();
        Assert.All(Enumerable.Range(1, 12), look =>
        {
            FollowWhile(look, (before, after), [before.Length - 17L, after.Length - 5_012L]);
            FollowWhile(look, (after, before), [before.Length - 17L, after.Length - 5_012L]);
        });
    }

    private void FollowWhile(int changedAt, (byte[] First, byte[] Then) bytes, long[] heads)
    {
        File.WriteAllBytes(_temp.Path, bytes.First);
        var disk = new WatchedDisk();
        disk.AfterLength = (look, path) =>
        {
            if (look == changedAt) File.WriteAllBytes(_temp.Path, bytes.Then);
        };
        using OffsetLog follower = OffsetLog.Open(_temp.Path, new LogOptions { ReadOnly = true, Disk = disk });
        Assert.Contains(follower.Head.Value, heads);
        Assert.False(follower.Recovery.Damage.IsSome);
    }

    [Fact]
    public void Following_a_missing_log_is_an_error_and_creates_nothing()
    {
        Assert.Throws<FileNotFoundException>(() => _temp.Follow());
        Assert.Empty(Directory.GetFiles(_temp.Directory));
    }

    [Fact]
    public async Task Readers_beside_a_writer_see_whole_batches_only()
    {
        using OffsetLog log = _temp.Open();
        using var stop = new CancellationTokenSource();
        Task[] readers = [.. Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
                Assert.Equal(0, log.All().Count % 7);
        }))];
        byte[][] batch = [.. Enumerable.Range(1, 7).Select(i => Enumerable.Repeat((byte)i, i * 100).ToArray())];
        for (int i = 0; i < 200; i++)
            log.AppendAll(batch);
        await stop.CancelAsync();
        await Task.WhenAll(readers);
    }

    [Fact]
    public void A_width_other_than_the_files_is_refused_with_both_named()
    {
        _temp.Write(OffsetWidth.Bits48, "a"u8.ToArray());

        var refused = Assert.Throws<LogFormatException>(() => _temp.Open(OffsetWidth.Bits32));

        Assert.Contains("has 48-bit offsets, but the options request 32-bit offsets", refused.Message);
    }

    [Fact]
    public void The_width_is_known_from_the_end_when_the_first_record_is_damaged()
    {
        foreach (OffsetWidth width in OffsetWidths.All)
        {
            using var own = new TempLog();
            own.Write(width, "first"u8.ToArray(), "second"u8.ToArray(), "third"u8.ToArray());
            byte[] bytes = own.Bytes();
            bytes[0] = 0xff;
            File.WriteAllBytes(own.Path, bytes);
            using OffsetLog log = own.Open();
            Assert.Equal((width, bytes.LongLength), (log.Width, log.EndPosition));
        }
    }
}
