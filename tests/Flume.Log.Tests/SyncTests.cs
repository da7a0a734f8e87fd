using System.Text;
using Flume.Log.Primitives;
using Flume.TestKit;
using Xunit;

namespace Flume.Log.Tests;

/// <summary>A sync that the system refuses is never acknowledged; bytes behind the last sync are never trusted.</summary>
public sealed class SyncTests : IDisposable
{
    private readonly TempLog _temp = new();
    private readonly FaultyDisk _disk = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void A_sync_that_the_system_refuses_is_an_error_with_its_number()
    {
        if (!OperatingSystem.IsLinux())
            return;
        // A device without storage: fsync of it answers EINVAL, which .NET's own call swallows.
        using ILogFile device = LogDisk.Instance.Open("/dev/full", FileMode.Open, FileAccess.Write);

        IOException refused = Assert.Throws<IOException>(device.Sync);

        Assert.Contains("/dev/full durable: Invalid argument (errno 22)", refused.Message, StringComparison.Ordinal);
        using var file = new FileStream("/dev/full", OwnerFile.Options(FileMode.Open, FileAccess.Write, FileShare.ReadWrite));
        Assert.Throws<IOException>(() => OwnerFile.Sync(file));
    }

    [Fact]
    public void An_append_whose_real_fsync_fails_is_not_acknowledged()
    {
        if (!OperatingSystem.IsLinux())
            return;
        using OffsetLog log = Open();
        log.Append("synced"u8.ToArray(), Durability.Fsync);
        _disk.SyncsDeviceInstead = "/dev/full";

        var failed = Assert.Throws<LogWriteFailedException>(() => log.Append("x"u8.ToArray(), Durability.Fsync));

        Assert.Contains("errno 22", failed.Message, StringComparison.Ordinal);
        Assert.Equal(Offset.Zero, log.Head);
        Assert.Throws<LogRejectedException>(() => log.Append("y"u8.ToArray(), Durability.Os));
        _disk.SyncsDeviceInstead = null;
        log.Reopen();
        log.Append("y"u8.ToArray(), Durability.Fsync);
        Assert.Equal([0, 18], log.Offsets());
    }

    [Theory]
    [InlineData(4096)]
    [InlineData(512)]
    public void A_lost_page_inside_a_group_that_nobody_acknowledged_is_a_torn_end(int page) => TestSeed.Run(40, random =>
    {
        using var own = new TempLog();
        long synced;
        using (OffsetLog log = own.Open())
        {
            log.AppendAll([.. Enumerable.Range(0, 5).Select(_ => Json(random, 700))]);
            log.Flush(Durability.Fsync);
            synced = log.EndPosition;
        }

        byte[] kept = own.Bytes();
        byte[] mark = File.ReadAllBytes(own.Path + SyncMark.Suffix);
        using (OffsetLog log = own.Open())
            log.AppendAll([new string('y', 9000).Select(c => (byte)c).ToArray(), .. Enumerable.Range(0, 3).Select(_ => Json(random, 6000))]);
        byte[] image = own.Bytes();
        long lost = random.NextInt64((synced + page - 1) / page, image.Length / page) * page;
        image.AsSpan((int)lost, Math.Min(page, image.Length - (int)lost)).Clear();
        File.WriteAllBytes(own.Path, image);
        File.WriteAllBytes(own.Path + SyncMark.Suffix, mark);
        File.Delete(own.Path + ".crc");

        using OffsetLog again = own.Open();

        Assert.False(again.Recovery.Damage.IsSome);
        Assert.Null(again.RefusesWritesBecause);
        Assert.InRange(again.EndPosition, synced, lost);
        Assert.Equal(kept, own.Bytes()[..kept.Length]);
        Assert.Equal(image.AsSpan((int)again.EndPosition).ToArray(), File.ReadAllBytes(again.Recovery.CutFile!));
        again.Append(Json(random, 10), Durability.Fsync);
        Assert.All(again.All(), record => Assert.DoesNotContain((byte)0, record.Payload));
    });

    [Fact]
    public void A_lost_sector_that_reaches_into_the_leading_zeros_of_a_length_field_is_a_hole()
    {
        using (OffsetLog log = _temp.Open()) log.Append("synced"u8.ToArray(), Durability.Fsync);
        byte[] mark = File.ReadAllBytes(_temp.Path + SyncMark.Suffix);
        int start = (int)_temp.Bytes().Length;
        // The payload ends one byte before the end of a sector: that byte is the first of its length field, a zero.
        byte[] payload = new byte[2047 - start - 4];
        payload.AsSpan().Fill((byte)'x');
        using (OffsetLog log = _temp.Open()) log.Append(payload, Durability.Os);
        byte[] image = _temp.Bytes();
        image.AsSpan(1536, 512).Clear();
        File.WriteAllBytes(_temp.Path, image);
        File.WriteAllBytes(_temp.Path + SyncMark.Suffix, mark);
        File.Delete(_temp.Path + ".crc");

        using OffsetLog again = _temp.Open();

        Assert.Equal([0], again.Offsets());
        Assert.Equal(start, again.EndPosition);
    }

    [Fact]
    public void Damage_in_the_last_synced_record_turns_the_log_read_only_and_cuts_nothing()
    {
        using (OffsetLog log = _temp.Open())
        {
            log.Append("first"u8.ToArray(), Durability.Fsync);
            log.Append("second"u8.ToArray(), Durability.Fsync);
        }

        byte[] bytes = _temp.Bytes();
        bytes[^1] ^= 1;
        File.WriteAllBytes(_temp.Path, bytes);

        using OffsetLog again = _temp.Open();

        Assert.Equal(17, again.Recovery.Damage.Value);
        Assert.Contains("offset 17", again.RefusesWritesBecause!.Message, StringComparison.Ordinal);
        Assert.Throws<LogRejectedException>(() => again.Append("x"u8.ToArray(), Durability.Fsync));
        Assert.Throws<LogWriteFailedException>(() => again.Reopen());
        Assert.Equal(bytes, _temp.Bytes());
        Assert.Equal([0], again.Offsets());
    }

    [Fact]
    public void Zeros_in_a_record_that_was_written_whole_are_no_hole()
    {
        byte[] payload = new byte[9000];
        payload[0] = payload[^1] = 1;
        using OffsetLog log = _temp.Open();
        log.Append("synced"u8.ToArray(), Durability.Fsync);
        log.Append(payload, Durability.Os);
        using var killed = new TempLog();
        File.Copy(_temp.Path, killed.Path);
        File.Copy(_temp.Path + SyncMark.Suffix, killed.Path + SyncMark.Suffix);

        using OffsetLog again = killed.Open();

        Assert.Equal(payload, again.All()[1].Payload);
    }

    [Fact]
    public void The_checksum_of_a_deleted_record_is_saved_only_behind_the_sync_of_its_zeros()
    {
        using OffsetLog log = Open();
        for (int i = 0; i < 40; i++)
            log.Append(Encoding.UTF8.GetBytes(new string('x', 5000)), Durability.Fsync);
        while (log.AddChecksums())
        {
        }

        int before = _disk.Steps.Count;

        log.Delete(Offset.Zero, Durability.Fsync);

        List<DiskStep> steps = [.. _disk.Steps.Skip(before)];
        int zeros = steps.FindIndex(step => step.Path == _temp.Path && step.Written is not null);
        int sync = steps.FindIndex(step => step.Path == _temp.Path && step.IsSync);
        int checksum = steps.FindIndex(step => step.Path == _temp.Path + ".crc");
        Assert.True(zeros >= 0 && zeros < sync && sync < checksum, $"zeros {zeros}, sync {sync}, checksum {checksum}");
    }

    [Fact]
    public void A_delete_whose_sync_failed_is_written_again_before_it_is_acknowledged()
    {
        using OffsetLog log = Open();
        Offset first = log.Append("first"u8.ToArray(), Durability.Fsync);
        log.Append("second"u8.ToArray(), Durability.Fsync);
        _disk.SyncFails = true;
        Assert.Throws<LogWriteFailedException>(() => log.Delete(first, Durability.Fsync));
        _disk.SyncFails = false;
        int before = _disk.Steps.Count;

        log.Reopen();
        log.Delete(first, Durability.Fsync);

        List<DiskStep> steps = [.. _disk.Steps.Skip(before).Where(step => step.Path == _temp.Path)];
        Assert.Contains(steps, step => step.Written is { Length: 5 } zeros && step.Position == 4 && zeros.Sum(b => b) == 0);
        Assert.True(steps[^1].IsSync);
    }

    [Fact]
    public void A_log_that_was_full_takes_appends_by_itself_once_there_is_room()
    {
        var time = new Flume.TestKit.ManualTime();
        using OffsetLog log = OffsetLog.Open(_temp.Path, new LogOptions { Disk = _disk, Time = time });
        log.Append("first"u8.ToArray(), Durability.Fsync);
        _disk.Room = ("log.offset", 3);
        Assert.Throws<LogWriteFailedException>(() => log.Append("second"u8.ToArray(), Durability.Fsync));
        log.AddChecksums();
        Assert.NotNull(log.RefusesWritesBecause);
        _disk.Room = null;
        time.Advance(TimeSpan.FromSeconds(3));

        log.AddChecksums();

        Assert.Null(log.RefusesWritesBecause);
        Assert.Equal(17, log.Append("third"u8.ToArray(), Durability.Fsync).Value);
    }

    [Fact]
    public void A_file_that_is_no_log_is_refused_and_left_as_it_is()
    {
        byte[] random = new byte[5000];
        new Random(5).NextBytes(random);
        byte[][] files =
        [
            [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6, 7, 8], "{\"key\":1}\n{\"key\":2}\n"u8.ToArray(), random,
            "root:x:0:0:root:/root:/bin/bash\n"u8.ToArray(), new byte[4096], Encoding.UTF8.GetBytes("\0\0\0\u0018ftypmp42\0\0\0\0mp42isom" + new string('x', 200)),
        ];
        foreach (byte[] bytes in files)
        {
            File.WriteAllBytes(_temp.Path, bytes);
            Assert.Throws<LogFormatException>(() => _temp.Open());
            Assert.Throws<LogFormatException>(() => _temp.Follow());
            Assert.Equal(bytes, _temp.Bytes());
            Assert.Empty(Directory.GetFiles(_temp.Directory, "*.cut-*"));
        }
    }

    [Fact]
    public void Files_and_folders_of_a_log_are_their_owners_alone()
    {
        if (OperatingSystem.IsWindows())
            return;
        string folder = Path.Combine(_temp.Directory, "identities", "alice");
        using (OffsetLog log = OffsetLog.Open(Path.Combine(folder, "log.offset")))
            log.Append(new byte[70000].Select(_ => (byte)1).ToArray(), Durability.Fsync);
        Assert.Equal(OwnerFile.FolderMode0700, File.GetUnixFileMode(folder));
        Assert.Equal(OwnerFile.FolderMode0700, File.GetUnixFileMode(Path.GetDirectoryName(folder)!));
        string[] files = Directory.GetFiles(folder);
        Assert.Equal(4, files.Length);
        Assert.All(files, file => Assert.Equal(OwnerFile.FileMode0600, File.GetUnixFileMode(file)));
    }

    private OffsetLog Open() => OffsetLog.Open(_temp.Path, new LogOptions { Disk = _disk });

    private static byte[] Json(Random random, int length) =>
        Encoding.UTF8.GetBytes($"{{\"text\":\"{new string((char)('a' + random.Next(26)), random.Next(1, length))}\"}}");
}
