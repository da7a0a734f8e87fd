namespace Flume.Log;

/// <summary>
/// The seals of one open log in memory, which of their blocks were compared, and their way into the side file.
/// </summary>
/// <remarks>
/// Reading takes no lock; changing is for the holder of <see cref="ChecksumVerifier"/>'s lock. A reader may so meet a seal that
/// is being changed: it then sees a mismatch, and looks again under the lock. An error of the side file ends saving,
/// nothing else.
/// </remarks>
internal sealed class ChecksumTable : IDisposable
{
    private readonly ChecksumFile _side;
    private readonly bool _readOnly;
    private readonly HashSet<int> _replaced = [];
    private BlockChecksum[] _seals;
    private ulong[] _verified = [];
    private volatile int _count;
    private int _saved;

    public ChecksumTable(ChecksumFile side, bool readOnly)
    {
        (_side, _readOnly) = (side, readOnly);
        _seals = [.. side.Loaded];
        _count = _saved = _seals.Length;
    }

    /// <summary>Blocks that have a seal: 0 to one less than this.</summary>
    public int Count => _count;

    /// <summary>Why seals are no longer saved; null while they are.</summary>
    public Exception? Fault { get; private set; }

    public BlockChecksum this[int block] => _seals[block];

    /// <summary>Adds the seals of the next blocks.</summary>
    public void Add(List<BlockChecksum> next)
    {
        // The array is in place before the count that lets readers into it.
        if (_count + next.Count > _seals.Length)
            Array.Resize(ref _seals, Math.Max(2 * _seals.Length, _count + next.Count));
        next.CopyTo(_seals, _count);
        _count += next.Count;
    }

    /// <summary>Changes a seal in memory; <see cref="SaveReplaced"/> saves it.</summary>
    public void Replace(int block, BlockChecksum seal)
    {
        _seals[block] = seal;
        if (block < _saved)
            _replaced.Add(block);
    }

    /// <summary>Saves the seals that were replaced.</summary>
    public void SaveReplaced()
    {
        foreach (int block in _replaced)
            Guard(() => _side.Save(block, _seals.AsSpan(block, 1)));
        _replaced.Clear();
    }

    /// <summary>For a follower: takes over what the writer has meanwhile made of one seal.</summary>
    public void Reload(int block)
    {
        if (_readOnly && _side.TryReload(block, out BlockChecksum now))
            _seals[block] = now;
    }

    /// <summary>Saves what is not saved yet, if that is at least so many blocks.</summary>
    public void Save(int blocksAtLeast)
    {
        if (_count - _saved < blocksAtLeast)
            return;
        Guard(() => _side.Save(_saved, _seals.AsSpan(_saved, _count - _saved)));
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
