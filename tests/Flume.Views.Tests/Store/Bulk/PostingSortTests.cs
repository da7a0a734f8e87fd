using Flume.Log;
using Flume.Log.Primitives;
using Flume.TestKit;
using Flume.Views.Store;
using Flume.Views.Store.Bulk;
using Xunit;

namespace Flume.Views.Tests.Store.Bulk;

/// <summary>Sorts input of every shape into posting order.</summary>
public sealed class PostingSortTests
{
    private static void AssertSorts(IEnumerable<Posting> postings)
    {
        Posting[] given = [.. postings];
        Posting[] expected = [.. given.Order()];
        for (int workers = 1; workers <= 3; workers++)
        {
            using var memory = new BulkMemory(1 << 30);
            using SortedPostings sorted = new(Dealt(given, workers, memory), memory);
            Assert.Equal(expected, sorted.All.Span.ToArray());
        }
    }

    /// <summary>Distributes postings to workers in batches, as a scan does.</summary>
    private static List<PostingBuffer> Dealt(Posting[] given, int workers, BulkMemory memory)
    {
        const int Run = 700;
        List<PostingBuffer> buffers = [.. Enumerable.Range(0, workers).Select(_ => new PostingBuffer())];
        for (int i = 0; i < given.Length; i++)
        {
            Add(buffers[i / Run % workers], given[i], memory);
        }

        return buffers;
    }

    private static unsafe void Add(PostingBuffer buffer, Posting posting, BulkMemory memory)
    {
        if (buffer.TryAdd(posting.A, posting.B, posting.Offset)) return;
        buffer.Extend(memory.Rent(out _), posting.A, posting.B, posting.Offset);
    }

    private static IEnumerable<Posting> Some(int count, Func<int, Posting> make) =>
        Enumerable.Range(0, count).Select(make);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(24)]
    [InlineData(25)]
    [InlineData(20_000)]
    public void Fingerprints_are_sorted(int count) => TestSeed.Run(1, random =>
        AssertSorts(Some(count, i => new((ulong)random.NextInt64() * 2, 0, i * 100L))));

    [Fact]
    public void Few_fingerprints_with_times_are_sorted() => TestSeed.Run(1, random =>
    {
        ulong[] authors = [.. Some(5, _ => new((ulong)random.NextInt64(), 0, 0)).Select(posting => posting.A)];
        AssertSorts(Some(20_000, i => new(authors[random.Next(5)], SortKey.Of(1.6e12 + random.Next()), i)));
    });

    [Fact]
    public void Sorted_reversed_nearly_sorted_and_equal_postings_are_sorted() => TestSeed.Run(1, random =>
    {
        AssertSorts(Some(10_000, i => new(0, (ulong)i, i)));
        AssertSorts(Some(10_000, i => new(0, (ulong)(10_000 - i), i)));
        AssertSorts(Some(10_000, i => new(0, (ulong)(i + random.Next(40)), i)));
        AssertSorts(Some(10_000, _ => new(1, 2, 3)));
        AssertSorts(Some(10_000, i => new(1, 2, i % 7)));
        AssertSorts(Some(10_000, i => new(1, 2, i ^ 0x1FF)));
    });

    [Fact]
    public void Extremes_are_sorted_as_unsigned_numbers()
    {
        ulong[] extremes = [0, 1, ulong.MaxValue, 1UL << 63, (1UL << 63) - 1];
        AssertSorts(Some(3_000, i => new(extremes[i % 5], extremes[i / 5 % 5], i % 2 == 0 ? i : long.MaxValue - i)));
    }

    [Fact]
    public void Keys_made_to_defeat_radix_passes_are_sorted() => TestSeed.Run(1, random =>
        AssertSorts(Some(20_000, i => new(1UL << random.Next(64), 1UL << random.Next(64), 1L << random.Next(63)))));
}
