using Flume.TestKit;
using Xunit;

namespace Flume.Log.Tests;

/// <summary>Verifies valid logs without findings, lists damage with its offset, and continues after it.</summary>
public sealed class LogVerifierTests : IDisposable
{
    private readonly TempLog _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void The_golden_log_is_sound()
    {
        LogVerifyReport report = LogVerifier.Verify(TempLog.RepositoryPath("tests", "vectors", "small", "log.offset"));

        Assert.True(report.Sound);
        Assert.Equal((1000, 0, 855_567, 0), (report.Records, report.Deleted, report.EndPosition, report.TornBytes));
        Assert.Equal(853_794, report.Head.Value);
    }

    [Fact]
    public void Every_field_that_is_broken_is_named_with_both_values()
    {
        Assert.Equal("the length before the payload is 1, the one after it 257", ReasonAfterChanging(at: 13 + 7));
        Assert.Equal("its end marker is 282, expected 26", ReasonAfterChanging(at: 13 + 11));
        Assert.Equal(
            "its length 16777217 reaches to 16777242, beyond the end of the log at 39", ReasonAfterChanging(at: 13));
    }

    [Fact]
    public void Random_damage_is_found_where_it_is_and_all_other_records_are_counted() => TestSeed.Run(150, random =>
    {
        using var own = new TempLog();
        OffsetWidth width = OffsetWidths.All[random.Next(3)];
        IEnumerable<string> texts = Enumerable.Range(0, 40).Select(_ => new string('x', random.Next(1, 3000)));
        IReadOnlyList<Offset> offsets = own.Write(width, [.. texts.Select(TempLog.Text)]);
        byte[] bytes = own.Bytes();
        int[] hit = [.. Enumerable.Range(0, 3).Select(_ => random.Next(1, 13) * 3 - 2).Distinct().Order()];
        foreach (int i in hit)
            Break(bytes, offsets, i, random);
        File.WriteAllBytes(own.Path, bytes);

        var options = new LogVerifyOptions { Width = width, CompareChecksums = false };
        LogVerifyReport report = LogVerifier.Verify(own.Path, options);

        Assert.Equal(hit.Select(i => offsets[i]), report.Damage.Select(damage => damage.Offset));
        Assert.Equal(
            hit.Select(i => offsets[i + 1].Value - offsets[i].Value), report.Damage.Select(damage => damage.Bytes));
        Assert.Equal(40 - hit.Length, report.Records);
        Assert.Equal(bytes.Length, report.EndPosition);
    });

    [Fact]
    public void More_damage_than_wanted_is_counted_and_not_listed()
    {
        IReadOnlyList<Offset> offsets = _temp.Write(OffsetWidth.Bits32, [.. Enumerable.Repeat("abc"u8.ToArray(), 50)]);
        byte[] bytes = _temp.Bytes();
        for (int i = 1; i < 45; i += 2)
            bytes[(int)offsets[i].Value + 7] ^= 1;
        File.WriteAllBytes(_temp.Path, bytes);

        LogVerifyReport report = LogVerifier.Verify(_temp.Path, new LogVerifyOptions { DamageListedMax = 5 });

        Assert.Equal((5, 22), (report.Damage.Count, report.DamageCount));
        Assert.False(report.Sound);
    }

    [Fact]
    public void Deleted_records_and_a_torn_end_are_counted_and_are_no_damage()
    {
        using (OffsetLog log = _temp.Open())
            log.Delete(log.AppendAll("a"u8.ToArray(), "b"u8.ToArray(), "c"u8.ToArray())[1], Durability.Os);
        File.WriteAllBytes(_temp.Path, _temp.Bytes()[..^1]);

        LogVerifyReport report = LogVerifier.Verify(_temp.Path);

        Assert.True(report.Sound);
        Assert.Equal((2, 1, 12), (report.Records, report.Deleted, report.TornBytes));
    }

    [Fact]
    public void Counting_records_reads_only_what_is_new()
    {
        using OffsetLog log = _temp.Open();
        Assert.Equal(0, log.CountRecords());
        log.Delete(log.AppendAll("a"u8.ToArray(), "b"u8.ToArray())[0], Durability.Os);
        Assert.Equal(2, log.CountRecords());
        log.AppendAll("c"u8.ToArray());
        Assert.Equal(3, log.CountRecords());
    }

    /// <summary>Corrupts one field of record i so that the record is unreadable.</summary>
    private static void Break(byte[] bytes, IReadOnlyList<Offset> offsets, int i, Random random)
    {
        int start = (int)offsets[i].Value, next = (int)offsets[i + 1].Value;
        int length = (int)Frame.ReadLength(bytes.AsSpan(start));
        switch (random.Next(4))
        {
            case 0: bytes[start] ^= 0x40; break;
            case 1: bytes[start + 4 + length] ^= 0x01; break;
            case 2: bytes[next - 1] ^= 0x80; break;
            default: bytes.AsSpan(start, next - start - 8).Fill(0xee); break;
        }
    }

    private string ReasonAfterChanging(int at)
    {
        File.Delete(_temp.Path);
        _temp.Write(OffsetWidth.Bits32, "a"u8.ToArray(), "b"u8.ToArray(), "c"u8.ToArray());
        byte[] bytes = _temp.Bytes();
        bytes[at] ^= 1;
        File.WriteAllBytes(_temp.Path, bytes);
        LogDamage damage = Assert.Single(LogVerifier.Verify(_temp.Path).Damage);
        Assert.Equal((13, 13), (damage.Offset.Value, damage.Bytes));
        return damage.Reason;
    }
}
