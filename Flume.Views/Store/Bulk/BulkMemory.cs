namespace Flume.Views.Store.Bulk;

/// <summary>The memory that all bulk loads of one scan hold together while they collect and sort rows.</summary>
/// <remarks>
/// 1. Postings live in chunks of one size that go round from load to load. 2. Beyond the limit every sink still gets
/// one chunk an index, so that a run set aside is worth its file; a sink that fills one of them writes what it holds to
/// disk before its next record. 3. Sorting takes room for the largest index in flight on top, once a thread.
/// 4. Everything goes back to the system when this is disposed, which is after all loads are.
/// </remarks>
internal sealed unsafe class BulkMemory : IDisposable
{
    /// <summary>Bytes of a chunk: few enough for an index of ten rows, many enough to pass around.</summary>
    internal const int ChunkBytes = 64 * 1024;

    private readonly Lock _lock = new();
    private readonly List<NativeSlab> _slabs = [];
    private readonly Stack<nint> _freeChunks = new();
    private readonly Stack<NativeSlab> _freeRooms = new();
    private readonly long _limitBytes;
    private long _heldBytes;
    private long _unusedAt;

    /// <summary>A budget in bytes.</summary>
    internal BulkMemory(long limitBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limitBytes);
        _limitBytes = limitBytes;
    }

    /// <summary>Bytes held now.</summary>
    internal long HeldBytes => Interlocked.Read(ref _heldBytes);

    /// <summary>An empty chunk; <paramref name="withinLimit"/> is false when it was granted beyond the limit.</summary>
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

    /// <summary>Gives a chunk back.</summary>
    internal void Return(byte* chunk)
    {
        Release(ChunkBytes);
        lock (_lock) _freeChunks.Push((nint)chunk);
    }

    /// <summary>Room to sort so many postings in; given back by <see cref="ReturnRoom"/>.</summary>
    internal NativeSlab RentRoom(long postings)
    {
        long bytes = checked(postings * sizeof(Posting));
        NativeSlab? room;
        lock (_lock) _freeRooms.TryPop(out room);
        if (room is not null && room.Bytes >= bytes) return room;
        room?.Dispose();
        return new NativeSlab(bytes);
    }

    /// <summary>Gives room back, for the next index to be sorted.</summary>
    internal void ReturnRoom(NativeSlab room)
    {
        lock (_lock) _freeRooms.Push(room);
    }

    /// <summary>Counts bytes that the caller keeps itself; false once that is beyond the limit.</summary>
    internal bool Hold(long bytes) => Interlocked.Add(ref _heldBytes, bytes) <= _limitBytes;

    /// <summary>Gives bytes back.</summary>
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
