using Flume.TestKit;
using Xunit;

namespace Flume.Log.Tests;

/// <summary>Copies logs, also to other offset widths.</summary>
public sealed class LogImportTests : IDisposable
{
    private readonly TempLog _temp = new();

    public static TheoryData<OffsetWidth, OffsetWidth> Pairs
    {
        get
        {
            var pairs = new TheoryData<OffsetWidth, OffsetWidth>();
            foreach (OffsetWidth from in OffsetWidths.All)
            {
                foreach (OffsetWidth to in OffsetWidths.All)
                    pairs.Add(from, to);
            }

            return pairs;
        }
    }

    private string Destination => Path.Combine(_temp.Directory, "new", "log.offset");

    public void Dispose() => _temp.Dispose();

    [Theory]
    [MemberData(nameof(Pairs))]
    public void A_copy_holds_the_same_records_in_the_width_asked_for(OffsetWidth from, OffsetWidth to)
    {
        Fill(from);

        LogImportReport report = LogImport.Copy(_temp.Path, Destination, new LogImportOptions { Width = to });

        using OffsetLog source = _temp.Open();
        using OffsetLog copy = OffsetLog.Open(Destination);
        Assert.Equal(to, copy.Width);
        Assert.Equal((60, copy.EndPosition, copy.Head), (report.Records, report.Bytes, report.Head));
        var all = new LogRange { IncludeDeleted = true };
        Assert.Equal(source.All(all).Select(entry => entry.Payload), copy.All(all).Select(entry => entry.Payload));
        Assert.True(LogVerifier.Verify(copy).Sound);
        if (from == to)
            Assert.Equal(_temp.Bytes(), File.ReadAllBytes(Destination));
    }

    [Fact]
    public void A_torn_end_is_left_out_and_the_source_stays_as_it_is()
    {
        Fill(OffsetWidth.Bits32);
        byte[] torn = _temp.Bytes()[..^3];
        File.WriteAllBytes(_temp.Path, torn);

        LogImportReport report = LogImport.Copy(_temp.Path, Destination);

        Assert.Equal(59, report.Records);
        Assert.Equal(torn.Length, report.Bytes + report.TornBytes);
        Assert.Equal(torn, _temp.Bytes());
    }

    [Fact]
    public void Damage_stops_the_copy_and_leaves_nothing_behind()
    {
        Fill(OffsetWidth.Bits32);
        byte[] bytes = _temp.Bytes();
        bytes[4 + (int)Frame.ReadLength(bytes)] ^= 1;
        File.WriteAllBytes(_temp.Path, bytes);

        var damaged = Assert.Throws<LogDamagedException>(() => LogImport.Copy(_temp.Path, Destination));
        Assert.Equal(Offset.Zero, damaged.Offset);
        AssertNothingThere();
    }

    [Fact]
    public void A_cancelled_copy_leaves_nothing_behind()
    {
        Fill(OffsetWidth.Bits32);
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();

        Assert.Throws<OperationCanceledException>(
            () => LogImport.Copy(_temp.Path, Destination, null, cancellation.Token));
        AssertNothingThere();
    }

    [Fact]
    public void A_full_disk_leaves_nothing_behind()
    {
        Fill(OffsetWidth.Bits32);
        var options = new LogImportOptions { Disk = new FaultyDisk { Room = (".importing", 1000) } };

        Assert.Throws<IOException>(() => LogImport.Copy(_temp.Path, Destination, options));
        AssertNothingThere();
    }

    [Fact]
    public void The_name_appears_only_after_the_bytes_are_synced()
    {
        Fill(OffsetWidth.Bits32);
        var disk = new FaultyDisk { SyncFails = true };

        Assert.Throws<IOException>(() => LogImport.Copy(_temp.Path, Destination, new LogImportOptions { Disk = disk }));
        AssertNothingThere();
        disk.SyncFails = false;
        LogImport.Copy(_temp.Path, Destination, new LogImportOptions { Disk = disk });
        Assert.True(disk.Steps[^1].IsSync);
    }

    [Fact]
    public void An_existing_destination_is_not_overwritten()
    {
        Fill(OffsetWidth.Bits32);
        Directory.CreateDirectory(Path.GetDirectoryName(Destination)!);
        File.WriteAllText(Destination, "precious");

        var rejected = Assert.Throws<LogRejectedException>(() => LogImport.Copy(_temp.Path, Destination));
        Assert.Contains("that file exists", rejected.Message);
        Assert.Equal("precious", File.ReadAllText(Destination));
    }

    private void Fill(OffsetWidth width)
    {
        var random = new Random(1);
        using OffsetLog log = _temp.Open(width);
        for (int i = 0; i < 60; i++)
        {
            byte[] payload = new byte[random.Next(1, i == 30 ? 5 << 20 : 2000)];
            random.NextBytes(payload);
            payload[0] |= 1;
            log.AppendAll(payload);
        }

        log.Delete(Offset.Zero, Durability.Os);
    }

    private void AssertNothingThere() =>
        Assert.DoesNotContain(Directory.GetFiles(Path.GetDirectoryName(Destination)!), file => !file.EndsWith(".lock"));
}
