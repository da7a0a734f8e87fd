namespace Flume.Log;

/// <summary>
/// The block checksums of one open log in memory, the record of which blocks were compared, and their side file.
/// </summary>
/// <remarks>
/// Reads take no lock. Changes require the lock of <see cref="ChecksumVerifier"/>. A reader can meet a checksum
/// during its change: it then sees a mismatch and compares again under the lock. A side file error stops saving only.
/// </remarks>
internal sealed class ChecksumTable : IDisposable
{
    private readonly ChecksumFile _side;
    private readonly bool _readOnly;
    private readonly HashSet<int> _replaced = [];
    private BlockChecksum[] _checksums;
    private ulong[] _verified = [];
    private volatile int _count;
    private int _saved;

    public ChecksumTable(ChecksumFile side, bool readOnly)
    {
        (_side, _readOnly) = (side, readOnly);
        _checksums = [.. side.Loaded];
        _count = _saved = _checksums.Length;
    }

    /// <summary>The number of blocks with a checksum. These blocks are numbered from 0.</summary>
    public int Count => _count;

    /// <summary>The error that stopped saving; null while saving works.</summary>
    public Exception? Fault { get; private set; }

    public BlockChecksum this[int block] => _checksums[block];

    /// <summary>Adds the checksums of the next blocks.</summary>
    public void Add(List<BlockChecksum> next)
    {
        // The array grows before the count, because readers index it up to the count.
        if (_count + next.Count > _checksums.Length)
            Array.Resize(ref _checksums, Math.Max(2 * _checksums.Length, _count + next.Count));
        next.CopyTo(_checksums, _count);
        _count += next.Count;
    }

    /// <summary>Changes a checksum in memory. <see cref="SaveReplaced"/> saves it.</summary>
    public void Replace(int block, BlockChecksum checksum)
    {
        _checksums[block] = checksum;
        if (block < _saved)
            _replaced.Add(block);
    }

    /// <summary>Saves the changed checksums.</summary>
    public void SaveReplaced()
    {
        foreach (int block in _replaced)
            Guard(() => _side.Save(block, _checksums.AsSpan(block, 1)));
        _replaced.Clear();
    }

    /// <summary>
    /// For a follower: reads one checksum from the file again, because the writer may have changed it.
    /// </summary>
    public void Reload(int block)
    {
        if (_readOnly && _side.TryReload(block, out BlockChecksum now))
            _checksums[block] = now;
    }

    /// <summary>Saves the unsaved checksums if there are at least <paramref name="blocksAtLeast"/> of them.</summary>
    public void Save(int blocksAtLeast)
    {
        if (_count - _saved < blocksAtLeast)
            return;
        Guard(() => _side.Save(_saved, _checksums.AsSpan(_saved, _count - _saved)));
        _saved = _count;
    }

    public bool IsVerified(int block)
    {
        ulong[] bits = Volatile.Read(ref _verified);
        return block / 64 < bits.Length && (bits[block / 64] & (1UL << block)) != 0;
    }

    public void MarkVerified(int block)
    {
        if (_verified.Length <= block / 64)
            Array.Resize(ref _verified, Math.Max(2 * _verified.Length, block / 64 + 1));
        _verified[block / 64] |= 1UL << block;
    }

    public void Dispose()
    {
        Save(1);
        _side.Dispose();
    }

    private void Guard(Action save)
    {
        if (_readOnly || Fault is not null)
            return;
        try
        {
            save();
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            Fault = cause;
        }
    }
}
