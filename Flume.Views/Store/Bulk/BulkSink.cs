namespace Flume.Views.Store.Bulk;

/// <summary>Collects one worker's rows of a bulk load; records may come in any order, each whole.</summary>
/// <remarks>
/// 1. For one thread. 2. What it holds is set aside on disk between records, and only once a chunk of postings or
/// <see cref="RowBytesMin"/> of rows are worth it. 3. Nothing may be added once the load is being sealed.
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

    /// <summary>The highest offset that rows were added for; -1 when there are none.</summary>
    internal long HighestOffset { get; private set; } = -1;

    /// <summary>True once a plain row has come.</summary>
    internal bool HasRows { get; private set; }

    /// <summary>The runs set aside.</summary>
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

    /// <summary>The buffer of an index, if it holds postings; the sink gives it up.</summary>
    internal PostingBuffer? TakeBuffer(byte index)
    {
        PostingBuffer? buffer = _buffers[index];
        _buffers[index] = null;
        return buffer;
    }

    /// <summary>How many postings of an index were collected, repetitions included.</summary>
    internal long CountOf(byte index) => _setAside[index] + (_buffers[index]?.Count ?? 0);

    /// <summary>The plain rows in memory, sorted; the sink gives them up.</summary>
    internal List<BulkRow> TakeRows()
    {
        if (_rows.Count > 1) _rows.Sort();
        memory.Release(_rowBytes);
        _rowBytes = 0;
        return _rows;
    }

    /// <summary>Gives back the memory and the runs of a load that is over.</summary>
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
