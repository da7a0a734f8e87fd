namespace Flume.Views.Store.Bulk;

/// <summary>Collects the rows of one worker of a bulk load. Records may arrive in any order, each complete.</summary>
/// <remarks>
/// 1. Not thread-safe.
/// 2. The sink spills only between records. It spills at least a chunk of postings or
///    <see cref="RowBytesMin"/> of rows.
/// 3. After the load starts sealing, no rows may be added.
/// </remarks>
internal sealed unsafe class BulkSink(BulkMemory memory, Func<SpillFile> newSpill) : RowSink
{
    private const long RowBytesMin = 64 * 1024;

    private readonly PostingBuffer?[] _buffers = new PostingBuffer?[256];
    private readonly long[] _setAside = new long[256];
    private readonly List<BulkRow> _rows = [];
    private readonly List<SpillFile> _spills = [];
    private long _rowBytes;
    private long _record = -1;
    private bool _spillDue;

    /// <summary>The highest offset of an added row; -1 if there is none.</summary>
    internal long HighestOffset { get; private set; } = -1;

    /// <summary>True after the first plain row.</summary>
    internal bool HasRows { get; private set; }

    /// <summary>The spilled runs.</summary>
    internal IReadOnlyList<SpillFile> Spills => _spills;

    /// <inheritdoc/>
    public override void Post(byte index, ulong a, ulong b)
    {
        if (Offset != _record) StartRecord();
        if (_buffers[index] is not { } buffer || !buffer.TryAdd(a, b, _record)) AddToFreshChunk(index, a, b);
    }

    /// <inheritdoc/>
    public override void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => Add(key.ToArray(), value.ToArray());

    /// <inheritdoc/>
    public override void Remove(ReadOnlySpan<byte> key) => Add(key.ToArray(), null);

    /// <summary>Transfers the buffer of an index to the caller; null if it has no postings.</summary>
    internal PostingBuffer? TakeBuffer(byte index)
    {
        PostingBuffer? buffer = _buffers[index];
        _buffers[index] = null;
        return buffer;
    }

    /// <summary>The number of collected postings of an index, duplicates included.</summary>
    internal long CountOf(byte index) => _setAside[index] + (_buffers[index]?.Count ?? 0);

    /// <summary>Transfers the plain rows in memory, sorted, to the caller.</summary>
    internal List<BulkRow> TakeRows()
    {
        if (_rows.Count > 1) _rows.Sort();
        memory.Release(_rowBytes);
        _rowBytes = 0;
        return _rows;
    }

    /// <summary>Releases the memory and the runs of a finished load.</summary>
    internal void Discard()
    {
        for (int index = 0; index < _buffers.Length; index++) TakeBuffer((byte)index)?.Discard(memory);
        TakeRows().Clear();
        foreach (SpillFile spill in _spills) spill.Dispose();
        _spills.Clear();
    }

    private void Add(byte[] key, byte[]? value)
    {
        if (Offset != _record) StartRecord();
        var row = new BulkRow(key, value, Offset, _rows.Count);
        _rows.Add(row);
        HasRows = true;
        _rowBytes += row.Bytes;
        if (!memory.Hold(row.Bytes) && _rowBytes > RowBytesMin) _spillDue = true;
    }

    private void StartRecord()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Offset);
        if (_spillDue) Spill();
        _record = Offset;
        HighestOffset = Math.Max(HighestOffset, Offset);
    }

    private void AddToFreshChunk(byte index, ulong a, ulong b)
    {
        byte* chunk = memory.Rent(out bool withinLimit);
        if (!withinLimit && _buffers[index] is not null) _spillDue = true;
        (_buffers[index] ??= new PostingBuffer()).Extend(chunk, a, b, _record);
    }

    private void Spill()
    {
        SpillFile spill = newSpill();
        _spills.Add(spill);
        for (int index = 0; index < _buffers.Length; index++)
        {
            if (TakeBuffer((byte)index) is not { } buffer) continue;
            _setAside[index] += buffer.Count;
            using var sorted = new SortedPostings([buffer], memory);
            if (sorted.All.Count > 0) spill.WriteIndex((byte)index, sorted.All);
        }

        if (HasRows)
        {
            foreach (BulkRow row in BulkRows.Latest(TakeRows())) spill.Put(row);
            _rows.Clear();
        }

        spill.WriteOut();
        _spillDue = false;
    }
}
