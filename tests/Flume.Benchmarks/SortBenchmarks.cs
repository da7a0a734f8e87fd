using BenchmarkDotNet.Attributes;
using Flume.Log.Primitives;
using Flume.Views.Store.Bulk;

namespace Flume.Benchmarks;

/// <summary>Collecting and sorting 100,000 postings of the shapes that views make.</summary>
[MemoryDiagnoser]
public class SortBenchmarks
{
    private const int Count = 100_000;
    private readonly BulkMemory _memory = new(1 << 30);

    /// <summary>What the postings are keyed by.</summary>
    [Params("time", "key", "author and time")]
    public string Shape { get; set; } = "";

    /// <summary>Collects, sorts and gives back.</summary>
    [Benchmark]
    public int Sort()
    {
        PostingBuffer buffer = new();
        for (int i = 0; i < Count; i++)
        {
            ulong hash = Fingerprint.Of((ulong)i, 1);
            if (Shape == "time") Add(buffer, 0, SortKey.Of(1.6e12 + i), i);
            else if (Shape == "key") Add(buffer, hash, 0, i);
            else Add(buffer, Fingerprint.Of(hash % 1000, 2), SortKey.Of(1.6e12 + (hash >> 40)), i);
        }

        using SortedPostings sorted = new([buffer], _memory);
        return sorted.All.Count;
    }

    private unsafe void Add(PostingBuffer buffer, ulong a, ulong b, long offset)
    {
        if (!buffer.TryAdd(a, b, offset)) buffer.Extend(_memory.Rent(out _), a, b, offset);
    }
}
