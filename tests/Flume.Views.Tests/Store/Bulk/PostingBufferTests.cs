using Flume.TestKit;
using Flume.Views.Store;
using Flume.Views.Store.Bulk;
using Xunit;

namespace Flume.Views.Tests.Store.Bulk;

/// <summary>Postings are unchanged after a buffer and after a run on disk, for all column layouts.</summary>
public sealed class PostingBufferTests : IDisposable
{
    private const long FarApart = 1L << 33;

    private readonly TemporaryFolder _folder = new();
    private readonly BulkMemory _memory = new(1 << 30);

    public void Dispose()
    {
        _memory.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Every_posting_comes_back() => TestSeed.Run(20, random =>
    {
        var given = new List<Posting>();
        PostingBuffer buffer = new();
        for (int stretch = random.Next(1, 12); stretch > 0; stretch--)
        {
            int count = random.Next(1, 9_000), columns = random.Next(8);
            (ulong a, ulong b) = ((ulong)random.NextInt64(), (ulong)random.NextInt64());
            for (int i = 0; i < count; i++)
            {
                var posting = new Posting(
                    (columns & 1) == 0 ? a : (ulong)random.NextInt64(), (columns & 2) == 0 ? b : (ulong)random.NextInt64(),
                    (columns & 4) == 0 ? i : random.NextInt64());
                given.Add(posting);
                Add(buffer, posting);
            }
        }

        Assert.Equal(given.Count, buffer.Count);
        Assert.Equal(given, Read(buffer));
        buffer.Discard(_memory);
    });

    [Fact]
    public void What_is_the_same_everywhere_takes_no_room()
    {
        PostingBuffer narrow = new(), wide = new();
        for (int i = 0; i < 200_000; i++)
        {
            Add(narrow, new Posting((ulong)i * 7, 0, i));
            Add(wide, new Posting((ulong)i * 7, (ulong)i, i * FarApart));
        }

        // All chunks except the first have entries of 12 instead of 24 bytes.
        Assert.InRange(narrow.ChunkCount, 200_000 * 12 / BulkMemory.ChunkBytes, (200_000 * 12 / BulkMemory.ChunkBytes) + 2);
        Assert.InRange(wide.ChunkCount, 200_000 * 24 / BulkMemory.ChunkBytes, (200_000 * 24 / BulkMemory.ChunkBytes) + 2);
    }

    [Fact]
    public void Postings_that_fit_no_chunk_waste_as_much_as_they_take_at_most()
    {
        PostingBuffer buffer = new();
        int count = 0;
        // A full chunk without column B, then a posting that needs it.
        for (int round = 0; round < 20; round++)
        {
            for (int i = 0; i < 10_000; i++, count++) Add(buffer, new Posting((ulong)i, 0, count));
            Add(buffer, new Posting(0, 1, count++));
        }

        Assert.Equal(count, buffer.Count);
        Assert.InRange(buffer.ChunkCount, 1, 2 * (1 + (count * 24 / BulkMemory.ChunkBytes)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public unsafe void A_run_on_disk_gives_back_what_was_set_aside(int columns) => TestSeed.Run(1, random =>
    {
        Posting[] given = [.. Enumerable.Range(0, 5_000).Select(i => new Posting(
            (columns & 1) == 0 ? 5 : (ulong)random.NextInt64(), (columns & 2) == 0 ? 6 : (ulong)random.NextInt64(),
            (columns & 4) == 0 ? i : random.NextInt64())).Order()];
        using SpillFile file = new(_folder[$"run-{columns}-{random.Next()}"]);
        fixed (Posting* first = given)
        {
            file.WriteIndex(3, new PostingSpan(first, given.Length));
            file.WriteIndex(9, new PostingSpan(first, 1));
        }

        file.WriteOut();
        Assert.Null(file.Postings(4));
        Assert.Equal(given, Read(file.Postings(3)!));
        Assert.Equal(given[..1], Read(file.Postings(9)!));
    });

    private static unsafe List<Posting> Read(PostingBuffer buffer)
    {
        var postings = new List<Posting>();
        for (int chunk = 0; chunk < buffer.ChunkCount; chunk++)
        {
            PackedPostings packed = buffer.Chunk(chunk);
            var unpacked = new Posting[packed.Count];
            fixed (Posting* into = unpacked) packed.CopyTo(into);
            for (int i = 0; i < unpacked.Length; i++) Assert.Equal(unpacked[i].Offset, packed.OffsetOf(i));
            postings.AddRange(unpacked);
        }

        return postings;
    }

    private static unsafe List<Posting> Read(PostingSource source)
    {
        var postings = new List<Posting>();
        for (; source.Fill(); source.At = source.End)
        {
            for (Posting* at = source.At; at < source.End; at++) postings.Add(*at);
        }

        return postings;
    }

    private unsafe void Add(PostingBuffer buffer, Posting posting)
    {
        if (buffer.TryAdd(posting.A, posting.B, posting.Offset)) return;
        buffer.Extend(_memory.Rent(out _), posting.A, posting.B, posting.Offset);
    }
}
