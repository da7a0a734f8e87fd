using Flume.TestKit;
using Xunit;

namespace Flume.Log.Tests;

/// <summary>Opens logs with any torn or damaged end.</summary>
public sealed class LogRecoveryTests : IDisposable
{
    private readonly TempLog _temp = new();

    public static TheoryData<OffsetWidth> Widths => [.. OffsetWidths.All];

    public void Dispose() => _temp.Dispose();

    [Theory]
    [MemberData(nameof(Widths))]
    public void The_last_three_records_cut_at_every_byte_leave_the_whole_records_before_the_cut(OffsetWidth width)
    {
        byte[][] payloads = [.. "first,second one,x,the fourth,fifth".Split(',').Select(TempLog.Text)];
        IReadOnlyList<Offset> offsets = _temp.Write(width, payloads);
        byte[] whole = _temp.Bytes();
        long[] ends = [.. offsets.Skip(1).Select(offset => offset.Value), whole.Length];

        for (int length = (int)offsets[2].Value; length <= whole.Length; length++)
        {
            File.WriteAllBytes(_temp.Path, whole[..length]);
            long expected = ends.Where(end => end <= length).Max();
            using (OffsetLog log = _temp.Open())
            {
                Assert.Equal((width, expected), (log.Width, log.EndPosition));
                Assert.Equal(offsets[Array.IndexOf(ends, expected)], log.Head);
                Assert.Equal(length - expected, log.Recovery.TornBytes);
                AssertKept(log.Recovery, whole[(int)expected..length]);
                Assert.Equal(new Offset(expected), log.Append("new"u8.ToArray(), Durability.Os));
            }

            using OffsetLog again = _temp.Open();
            Assert.False(again.Recovery.Torn);
            Assert.Equal(ends.Count(end => end <= length) + 1, again.All().Count);
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void A_torn_first_record_opens_as_an_empty_log_and_its_bytes_are_kept(OffsetWidth width)
    {
        _temp.Write(width, "the only record"u8.ToArray());
        byte[] whole = _temp.Bytes();

        for (int length = 1; length < whole.Length; length++)
        {
            File.WriteAllBytes(_temp.Path, whole[..length]);
            using OffsetLog log = _temp.Open(width);
            Assert.Equal((Offset.None, 0L, width), (log.Head, log.EndPosition, log.Width));
            AssertKept(log.Recovery, whole[..length]);
        }
    }

    [Fact]
    public void Any_small_garbage_is_refused_as_no_log_and_left_as_it_is() => TestSeed.Run(200, random =>
    {
        byte[] garbage = new byte[random.Next(5, 200)];
        random.NextBytes(garbage);
        garbage[0] |= 1;
        using var own = new TempLog();
        File.WriteAllBytes(own.Path, garbage);

        Assert.Throws<LogFormatException>(() => own.Open());

        Assert.Equal(garbage, own.Bytes());
    });

    [Theory]
    [MemberData(nameof(Widths))]
    public void Frames_inside_the_payload_of_a_torn_record_are_not_taken_for_records(OffsetWidth width)
    {
        IReadOnlyList<Offset> offsets = _temp.Write(width, "a"u8.ToArray(), "b"u8.ToArray());
        long start = _temp.Bytes().Length;
        byte[] payload = FramesInside(start + Frame.LengthBytes, width.Bytes(), count: 20);
        _temp.Write(width, payload);
        byte[] whole = _temp.Bytes();

        // Cuts at the end of an inner frame, inside one, and with zeros after it, as in a preallocated file.
        int inside = (int)start + Frame.LengthBytes + payload.Length;
        AssertCutTo(offsets[1], start, whole[..inside]);
        AssertCutTo(offsets[1], start, whole[..(inside - 3)]);
        AssertCutTo(offsets[1], start, [.. whole[..inside], .. new byte[5000]]);
    }

    [Fact]
    public void Random_bytes_or_zeros_behind_the_last_record_are_cut_also_when_they_are_many()
    {
        _temp.Write(OffsetWidth.Bits32, "a"u8.ToArray(), "b"u8.ToArray());
        byte[] whole = _temp.Bytes();
        foreach (bool zeros in new[] { true, false })
        {
            byte[] garbage = new byte[8 << 20];
            if (!zeros)
                new Random(3).NextBytes(garbage);
            File.WriteAllBytes(_temp.Path, [.. whole, .. garbage]);
            using OffsetLog log = _temp.Open();
            Assert.Equal((whole.Length, garbage.Length), (log.EndPosition, log.Recovery.TornBytes));
        }
    }

    [Fact]
    public void A_large_file_that_is_no_log_is_left_alone()
    {
        byte[] other = new byte[(16 << 20) + 100];
        new Random(5).NextBytes(other);
        File.WriteAllBytes(_temp.Path, other);

        var error = Assert.Throws<LogFormatException>(() => _temp.Open());

        Assert.Contains("is not a flumelog-offset log", error.Message);
        Assert.Equal(other.Length, new FileInfo(_temp.Path).Length);
    }

    [Fact]
    public void A_follower_reads_up_to_a_torn_end_and_cuts_nothing()
    {
        _temp.Write(OffsetWidth.Bits32, "a"u8.ToArray(), "b"u8.ToArray());
        byte[] torn = _temp.Bytes()[..^2];
        File.WriteAllBytes(_temp.Path, torn);

        using OffsetLog log = _temp.Follow();

        Assert.Equal((Offset.Zero, 13L, 11L), (log.Head, log.EndPosition, log.Recovery.TornBytes));
        Assert.Equal(torn, _temp.Bytes());
        Assert.Empty(Directory.GetFiles(_temp.Directory, "*.cut-*"));
    }

    [Fact]
    public void One_flipped_bit_never_costs_more_than_the_record_it_is_in() => TestSeed.Run(150, random =>
    {
        using var own = new TempLog();
        OffsetWidth width = OffsetWidths.All[random.Next(3)];
        byte[][] payloads = [.. Enumerable.Range(0, random.Next(3, 12)).Select(_ => Payload(random))];
        IReadOnlyList<Offset> offsets = own.Write(width, payloads);
        byte[] bytes = own.Bytes();
        int at = random.Next(bytes.Length);
        bytes[at] ^= (byte)(1 << random.Next(8));
        File.WriteAllBytes(own.Path, bytes);
        int hit = Enumerable.Range(0, offsets.Count).Last(i => offsets[i].Value <= at);

        using OffsetLog log = own.Open(width);

        // A damaged last record can look torn. All other records stay, and every undamaged one is readable.
        long expected = hit == offsets.Count - 1 ? offsets[hit].Value : bytes.Length;
        Assert.InRange(log.EndPosition, expected, bytes.Length);
        for (int i = 0; i < offsets.Count && offsets[i] <= log.Head; i++)
        {
            if (i != hit && i != hit + 1)
                Assert.Equal(payloads[i], log.Get(offsets[i]).Payload.ToArray());
        }
    });

    [Fact]
    public void Damage_in_the_middle_is_reported_and_not_cut()
    {
        IReadOnlyList<Offset> offsets = _temp.Write(
            OffsetWidth.Bits32, "a"u8.ToArray(), "bbbb"u8.ToArray(), "c"u8.ToArray(), "d"u8.ToArray());
        byte[] bytes = _temp.Bytes();
        bytes.AsSpan((int)offsets[1].Value, 20).Fill(0xff);
        File.WriteAllBytes(_temp.Path, bytes);

        using OffsetLog log = _temp.Open();

        Assert.Equal((offsets[3], bytes.LongLength, 0L), (log.Head, log.EndPosition, log.Recovery.TornBytes));
        Assert.Equal(offsets[1], log.Recovery.Damage);
        var error = Assert.Throws<LogDamagedException>(() => log.All());
        Assert.Equal(offsets[1], error.Offset);
    }

    private static byte[] Payload(Random random)
    {
        byte[] payload = new byte[random.Next(1, 60)];
        random.NextBytes(payload);
        payload[0] |= 1;
        return payload;
    }

    private void AssertCutTo(Offset head, long end, byte[] file)
    {
        File.WriteAllBytes(_temp.Path, file);
        using OffsetLog log = _temp.Open();
        Assert.Equal((head, end), (log.Head, log.EndPosition));
    }

    /// <summary>A payload of valid frames for its position, preceded by a valid end marker.</summary>
    private static byte[] FramesInside(long position, int width, int count)
    {
        byte[] payload = new byte[width + count * (10 + Frame.Overhead(width))];
        Frame.WriteEnd(payload, position + width, width);
        for (int i = 0, at = width; i < count; i++)
            at += Frame.Write(payload.AsSpan(at), "0123456789"u8, position + at, width);
        return payload;
    }

    private static void AssertKept(LogRecoveryReport recovery, byte[] expected)
    {
        if (expected.Length == 0)
            Assert.Null(recovery.CutFile);
        else
            Assert.Equal(expected, File.ReadAllBytes(recovery.CutFile!));
    }
}
