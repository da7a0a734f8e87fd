using Flume.Log.Primitives;
using Flume.TestKit;
using Flume.Views.Store;
using Xunit;

namespace Flume.Views.Tests.Store;

/// <summary>Packed blocks decode to the same postings, and damaged blocks are detected.</summary>
public sealed class PostingBlockTests
{
    private static byte[] Encode(ReadOnlySpan<Posting> postings)
    {
        byte[] value = new byte[PostingBlock.LengthMax];
        return value[..PostingBlock.Encode(postings, value)];
    }

    private static void AssertReadsBack(Posting[] postings)
    {
        byte[] value = Encode(postings);
        var back = new Posting[PostingBlock.Size];
        int count = PostingBlock.Decode(value, postings[^1], back, out string fault);
        Assert.Equal("", fault);
        Assert.Equal(postings, back[..count]);
        Assert.True(PostingBlock.TryReadHead(value, out BlockHead head));
        Assert.Equal(postings.Length, head.Count);
        Assert.Equal(postings[0], head.First);
    }

    private static Posting[] RandomBlock(Random random)
    {
        ulong[] fewA = [0, 1, ulong.MaxValue, (ulong)random.NextInt64()];
        int shape = random.Next(5), size = random.Next(1, PostingBlock.Size + 1);
        var set = new SortedSet<Posting>();
        while (set.Count < size)
        {
            ulong a = shape is 0 or 1 ? fewA[random.Next(fewA.Length)] : shape == 2 ? 7 : (ulong)random.NextInt64() * 2;
            ulong b = shape switch
            {
                0 => 5,
                1 => SortKey.Of(1.6e12 + random.Next()),
                3 => random.Next(2) == 0 ? 0 : ulong.MaxValue,
                _ => (ulong)random.NextInt64() * 2,
            };
            set.Add(new Posting(a, b, random.NextInt64(random.Next(3) == 0 ? long.MaxValue : 1_000_000)));
        }

        return [.. set];
    }

    [Fact]
    public void A_block_reads_back_as_it_was_packed() => TestSeed.Run(1, random =>
    {
        for (int round = 0; round < 400; round++) AssertReadsBack(RandomBlock(random));
    });

    [Fact]
    public void Extremes_read_back()
    {
        AssertReadsBack([Posting.Lowest]);
        AssertReadsBack([Posting.Highest]);
        AssertReadsBack([Posting.Lowest, Posting.Highest]);
        AssertReadsBack([new(0, ulong.MaxValue, long.MaxValue), new(1, 0, 0), new(1, ulong.MaxValue, 0)]);
        AssertReadsBack([new(3, 0, 9), new(3, 1UL << 63, 8), new(4, 0, long.MaxValue), new(4, 1UL << 63, 0)]);
    }

    [Fact]
    public void The_example_of_FORMAT_md_is_what_is_written()
    {
        Posting[] postings = [new(5, 0x1000, 10), new(5, 0x3000, 890), new(9, 0x2000, 400)];
        const string Example =
            "10" + "0C" + "0003" + "0000000000000005" + "0000000000001000" + "000000000000000A"
            + "01" + "04" + "00"
            + "02" + "01"
            + "E00D" + "D307";
        Assert.Equal(Example, Convert.ToHexString(Encode(postings)));
    }

    [Fact]
    public void Times_in_milliseconds_take_about_as_many_bytes_as_they_carry()
    {
        var postings = new Posting[PostingBlock.Size];
        for (int i = 0; i < postings.Length; i++) postings[i] = new(0, SortKey.Of(1.6e12 + (i * 1000.0)), i * 880L);
        Assert.InRange(Encode(postings).Length, 1, PostingBlock.HeadLength + (4 * postings.Length));
    }

    [Fact]
    public void A_posting_is_its_three_fields_and_nothing_else() =>
        Assert.Equal(24, System.Runtime.CompilerServices.Unsafe.SizeOf<Posting>());

    [Fact]
    public void A_block_cut_at_any_byte_is_called_damaged() => TestSeed.Run(1, random =>
    {
        Posting[] postings = RandomBlock(random);
        byte[] value = Encode(postings);
        var back = new Posting[PostingBlock.Size];
        for (int length = 0; length < value.Length; length++)
        {
            Assert.Equal(0, PostingBlock.Decode(value.AsSpan(0, length), postings[^1], back, out string fault));
            Assert.NotEmpty(fault);
        }

        Assert.Equal(0, PostingBlock.Decode([.. value, 0], postings[^1], back, out _));
    });

    [Fact]
    public void A_block_with_any_byte_changed_never_decodes_out_of_order_or_out_of_bounds() => TestSeed.Run(1, random =>
    {
        var back = new Posting[PostingBlock.Size];
        for (int round = 0; round < 3; round++)
        {
            Posting[] postings = RandomBlock(random);
            byte[] value = Encode(postings);
            for (int at = 0; at < value.Length; at++)
            {
                byte[] damaged = [.. value];
                damaged[at] ^= (byte)random.Next(1, 256);
                int count = PostingBlock.Decode(damaged, postings[^1], back, out _);
                for (int i = 1; i < count; i++) Assert.True(back[i - 1] < back[i]);
            }
        }
    });

    [Fact]
    public void Bytes_that_are_no_block_at_all_are_called_damaged() => TestSeed.Run(1, random =>
    {
        var back = new Posting[PostingBlock.Size];
        for (int round = 0; round < 2000; round++)
        {
            byte[] noise = new byte[random.Next(0, 200)];
            random.NextBytes(noise);
            Assert.Equal(0, PostingBlock.Decode(noise, Posting.Highest, back, out _));
        }
    });
}
