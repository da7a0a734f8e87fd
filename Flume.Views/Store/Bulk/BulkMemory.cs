namespace Flume.Views.Store.Bulk;

/// <summary>The memory budget that all bulk loads of one scan share while they collect and sort rows.</summary>
/// <remarks>
/// 1. Postings are in chunks of one size, which the loads share.
/// 2. Above the limit, every sink still gets one chunk per index, so that a spilled run is worth its file. A sink
///    that fills such a chunk spills its rows to disk before its next record.
/// 3. Sorting needs additional memory for the largest index in progress, once per thread.
/// 4. <see cref="Dispose"/> returns all memory to the system. It is called after all loads are disposed.
/// </remarks>
internal sealed unsafe class BulkMemory : IDisposable
{
    /// <summary>Bytes of a chunk: small enough for an index of ten rows, large enough to share.</summary>
    internal const int ChunkBytes = 64 * 1024;

    private readonly Lock _lock = new();
    private readonly List<NativeSlab> _slabs = [];
    private readonly Stack<nint> _freeChunks = new();
    private readonly Stack<NativeSlab> _freeRooms = new();
    private readonly long _limitBytes;
    private long _heldBytes;
    private long _unusedAt;

    /// <summary>Creates a budget in bytes.</summary>
    internal BulkMemory(long limitBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limitBytes);
        _limitBytes = limitBytes;
    }

    /// <summary>The bytes in use.</summary>
    internal long HeldBytes => Interlocked.Read(ref _heldBytes);

    /// <summary>An empty chunk. <paramref name="withinLimit"/> is false if the chunk exceeds the limit.</summary>
    internal byte* Rent(out bool withinLimit)
    {
        withinLimit = Hold(ChunkBytes);
        lock (_lock)
        {
            if (_freeChunks.TryPop(out nint chunk)) return (byte*)chunk;
            if (_slabs.Count == 0 || _unusedAt + ChunkBytes > _slabs[^1].Bytes)
            {
                _slabs.Add(new NativeSlab(ChunkBytes));
                _unusedAt = 0;
            }

            _unusedAt += ChunkBytes;
            return _slabs[^1].First + (_unusedAt - ChunkBytes);
        }
    }

    /// <summary>Returns a chunk.</summary>
    internal void Return(byte* chunk)
    {
        Release(ChunkBytes);
        lock (_lock) _freeChunks.Push((nint)chunk);
    }

    /// <summary>Memory for sorting the given number of postings. <see cref="ReturnRoom"/> returns it.</summary>
    internal NativeSlab RentRoom(long postings)
    {
        long bytes = checked(postings * sizeof(Posting));
        NativeSlab? room;
        lock (_lock) _freeRooms.TryPop(out room);
        if (room is not null && room.Bytes >= bytes) return room;
        room?.Dispose();
        return new NativeSlab(bytes);
    }

    /// <summary>Returns sort memory for the next index.</summary>
    internal void ReturnRoom(NativeSlab room)
    {
        lock (_lock) _freeRooms.Push(room);
    }

    /// <summary>Counts bytes that the caller allocated. False if the total exceeds the limit.</summary>
    internal bool Hold(long bytes) => Interlocked.Add(ref _heldBytes, bytes) <= _limitBytes;

    /// <summary>Subtracts bytes that the caller freed.</summary>
    internal void Release(long bytes) => Interlocked.Add(ref _heldBytes, -bytes);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (NativeSlab slab in _slabs) slab.Dispose();
        foreach (NativeSlab room in _freeRooms) room.Dispose();
        _slabs.Clear();
        _freeRooms.Clear();
        _freeChunks.Clear();
    }
}
