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
    private readonly ChecksumFile side;
    private readonly bool readOnly;
    private BlockChecksum[] seals;
    private ulong[] verified = [];
    private volatile int count;
    private int saved;

    public ChecksumTable(ChecksumFile side, bool readOnly)
    {
        (this.side, this.readOnly) = (side, readOnly);
        seals = [.. side.Loaded];
        count = saved = seals.Length;
    }

    /// <summary>Blocks that have a seal: 0 to one less than this.</summary>
    public int Count => count;

    /// <summary>Why seals are no longer saved; null while they are.</summary>
    public Exception? Fault { get; private set; }

    public BlockChecksum this[int block] => seals[block];

    /// <summary>Adds the seals of the next blocks.</summary>
    public void Add(List<BlockChecksum> next)
    {
        // The array is in place before the count that lets readers into it.
        if (count + next.Count > seals.Length)
            Array.Resize(ref seals, Math.Max(2 * seals.Length, count + next.Count));
        next.CopyTo(seals, count);
        count += next.Count;
    }

    public void Replace(int block, BlockChecksum seal)
    {
        seals[block] = seal;
        if (block < saved)
            Guard(() => side.Save(block, seals.AsSpan(block, 1)));
    }

    /// <summary>For a follower: takes over what the writer has meanwhile made of one seal.</summary>
    public void Reload(int block)
    {
        if (readOnly && side.TryReload(block, out BlockChecksum now))
            seals[block] = now;
    }

    /// <summary>Saves what is not saved yet, if that is at least so many blocks.</summary>
    public void Save(int blocksAtLeast)
    {
        if (count - saved < blocksAtLeast)
            return;
        Guard(() => side.Save(saved, seals.AsSpan(saved, count - saved)));
        saved = count;
    }

    public bool IsVerified(int block)
    {
        ulong[] bits = Volatile.Read(ref verified);
        return block / 64 < bits.Length && (bits[block / 64] & (1UL << block)) != 0;
    }

    public void MarkVerified(int block)
    {
        if (verified.Length <= block / 64)
            Array.Resize(ref verified, Math.Max(2 * verified.Length, block / 64 + 1));
        verified[block / 64] |= 1UL << block;
    }

    public void Dispose()
    {
        Save(1);
        side.Dispose();
    }

    private void Guard(Action save)
    {
        if (readOnly || Fault is not null)
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
