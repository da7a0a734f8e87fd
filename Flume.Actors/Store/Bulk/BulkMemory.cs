using System.Collections.Concurrent;

namespace Flume.Store.Bulk;

/// <summary>The memory that all bulk loads of a process hold together while they collect rows.</summary>
/// <remarks>
/// 1. Postings live in chunks of one size that go round from load to load. 2. Beyond the limit every sink still gets
/// one chunk an index, so that a run set aside is worth its file; a sink that fills one of them writes what it holds to
/// disk before its next record. 3. Sealing takes up to twice the largest index in flight on top.
/// </remarks>
internal sealed class BulkMemory
{
    /// <summary>Postings to a chunk: few enough for an index of ten rows, many enough to pass around.</summary>
    internal const int ChunkPostings = 4096;

    private const long ChunkBytes = ChunkPostings * 24L;

    private readonly ConcurrentBag<Posting[]> _free = [];
    private readonly long _limitBytes;
    private long _heldBytes;

    /// <summary>A budget in bytes.</summary>
    internal BulkMemory(long limitBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limitBytes);
        _limitBytes = limitBytes;
    }

    /// <summary>Bytes held now.</summary>
    internal long HeldBytes => Interlocked.Read(ref _heldBytes);

    /// <summary>An empty chunk; <paramref name="withinLimit"/> is false when it was granted beyond the limit.</summary>
    internal Posting[] Rent(out bool withinLimit)
    {
        withinLimit = Hold(ChunkBytes);
        return _free.TryTake(out Posting[]? chunk) ? chunk : GC.AllocateUninitializedArray<Posting>(ChunkPostings);
    }

    /// <summary>Gives a chunk back.</summary>
    internal void Return(Posting[] chunk)
    {
        Release(ChunkBytes);
        _free.Add(chunk);
    }

    /// <summary>Counts bytes that the caller keeps itself; false once that is beyond the limit.</summary>
    internal bool Hold(long bytes) => Interlocked.Add(ref _heldBytes, bytes) <= _limitBytes;

    /// <summary>Gives bytes back.</summary>
    internal void Release(long bytes) => Interlocked.Add(ref _heldBytes, -bytes);
}
