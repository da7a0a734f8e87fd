using System.Buffers;
using Flume.Primitives;

namespace Flume.Log;

/// <summary>Finds changed bytes: keeps a checksum of every full block of the log, and compares each block with it on first read.</summary>
/// <remarks>
/// 1. A block is compared once per opening; after that reading costs one bit test. Blocks not sealed yet are not compared.
/// 2. A mismatch is damage, unless the block holds more zeroed payload bytes than when it was sealed: then another program deleted.
/// 3. Sealing follows appends as they pass by; a log that was never sealed is caught up by <see cref="SealSome"/>.
/// 4. Nothing here can make opening or an append fail: an error of the side file ends saving, not checking.
/// Readers take the lock only to settle a mismatch; appends, deletes and sealing always do.
/// </remarks>
internal sealed class LogCheck : IDisposable
{
    private const int SaveAtOnce = 16;
    private const int CatchUpBytesMax = 4 << 20;

    private readonly Lock gate = new();
    private readonly SealFile side;
    private readonly ILogFile file;
    private readonly LogReader reader;
    private readonly RunReader runs;
    private readonly LogSealer sealer;
    private readonly int blockBytes;
    private readonly bool readOnly;
    private readonly List<BlockSeal> fresh = [];
    private BlockSeal[] seals;
    private ulong[] verified = [];
    private volatile int count;
    private int saved;

    public LogCheck(SealFile side, ILogFile file, LogReader reader, LogSettings log)
    {
        (this.side, this.file, this.reader) = (side, file, reader);
        blockBytes = log.Options.CrcBlockBytes;
        readOnly = log.Options.ReadOnly;
        runs = new RunReader(file, log);
        sealer = new LogSealer(blockBytes, log.EndBytes);
        seals = [.. side.Loaded];
        count = saved = seals.Length;
        sealer.Restart(-1, -1);
    }

    /// <summary>The byte after the last sealed block.</summary>
    public long SealedPosition => (long)count * blockBytes;

    /// <summary>Why seals are no longer made or saved; null while they are.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>Makes sure that the bytes in <c>[from, to)</c> are those that were sealed, as far as they are sealed.</summary>
    /// <exception cref="LogDamagedException">They are not; it names <paramref name="from"/>.</exception>
    public void Ensure(long from, long to)
    {
        int last = (int)Math.Min((to - 1) / blockBytes, count - 1);
        for (int block = (int)(from / blockBytes); block <= last; block++)
        {
            if (!IsVerified(block))
                Compare(block, from, to);
        }
    }

    /// <summary>Bytes of a block.</summary>
    public int BlockBytes => blockBytes;

    /// <summary>Blocks that have a seal: 0 to one less than this.</summary>
    public int SealedBlocks => count;

    /// <summary>Compares one sealed block with its seal, whether or not it was before; null when they agree.</summary>
    public string? Compare(int block)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(blockBytes);
        try
        {
            Span<byte> bytes = buffer.AsSpan(0, blockBytes);
            if (file.ReadFully(bytes, (long)block * blockBytes) == blockBytes && Crc32C.Of(bytes) == seals[block].Crc)
                return null;
            lock (gate)
                return Settle(block, bytes);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Seals what an append has just written; <paramref name="frames"/> start at <paramref name="start"/>.</summary>
    public void Appended(ReadOnlySpan<byte> frames, long start)
    {
        lock (gate)
        {
            if (Fault is not null)
                return;
            try
            {
                Resume(start);
                while (sealer.Position >= 0 && sealer.Position < start && start - sealer.Position <= CatchUpBytesMax)
                    TakeOneRun(start);
                if (sealer.Position == start)
                    sealer.Take(frames, fresh);
                Merge();
                Keep(SaveAtOnce);
            }
            catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or LogDamagedException)
            {
                Fault = cause;
            }
        }
    }

    /// <summary>Zeroes a payload by <paramref name="zero"/> and seals the changed blocks anew, as one step for whoever compares.</summary>
    public void Deleting(LogRecord record, Action zero)
    {
        lock (gate)
        {
            zero();
            long start = record.Offset.Value + Frame.LengthBytes;
            for (int block = (int)(start / blockBytes); block <= (start + record.Payload.Length - 1) / blockBytes; block++)
            {
                if (block >= count)
                {
                    // The running checksum has already taken the bytes that are now gone.
                    sealer.Restart(-1, -1);
                    return;
                }

                uint zeroed = LogSealer.Overlap(start, record.Payload.Length, (long)block * blockBytes, (block + 1L) * blockBytes);
                SealAgain(block, seals[block].DeletedBytes + zeroed);
            }
        }
    }

    /// <summary>Seals up to 4 MiB of the log below <paramref name="end"/>; false when there is nothing left to seal.</summary>
    /// <exception cref="LogDamagedException">A frame does not verify; nothing from there on can be sealed.</exception>
    public bool SealSome(long end)
    {
        lock (gate)
        {
            Resume(end);
            bool more = sealer.Position >= 0 && sealer.Position < end;
            if (more)
                TakeOneRun(end);
            Keep(more ? SaveAtOnce : 1);
            return more;
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            try
            {
                if (Fault is null && !readOnly)
                    Keep(1);
            }
            catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
            {
                Fault = cause;
            }

            side.Dispose();
        }
    }

    private void Compare(int block, long from, long to)
    {
        if (Compare(block) is { } reason)
            throw reader.Damaged(from, reason);
        lock (gate)
        {
            if (verified.Length <= block / 64)
                Array.Resize(ref verified, Math.Max(2 * verified.Length, block / 64 + 1));
            verified[block / 64] |= 1UL << block;
        }
    }

    private bool IsVerified(int block)
    {
        ulong[] bits = Volatile.Read(ref verified);
        return block / 64 < bits.Length && (bits[block / 64] & (1UL << block)) != 0;
    }

    // Under the lock no delete of this process is under way; the deletes of others show as zeroed payloads.
    private string? Settle(int block, Span<byte> bytes)
    {
        long start = (long)block * blockBytes;
        if (readOnly && side.TryReload(block, out BlockSeal now))
            seals[block] = now;
        if (file.ReadFully(bytes, start) < blockBytes)
            return $"the file ends inside bytes {start} to {start + blockBytes}, which were sealed";
        uint crc = Crc32C.Of(bytes);
        if (crc == seals[block].Crc)
            return null;
        if (CountDeletedBytes(block) is var deleted && deleted > seals[block].DeletedBytes)
        {
            SealAgain(block, deleted);
            return null;
        }

        return $"the checksum of bytes {start} to {start + blockBytes} is {crc:x8}, sealed as {seals[block].Crc:x8}";
    }

    private uint CountDeletedBytes(int block)
    {
        long from = (long)block * blockBytes, to = from + blockBytes;
        long at = StartOfFrameIn(block), end = to + seals[block].Next;
        uint deleted = 0;
        try
        {
            while (at < to)
            {
                LogRecord record = reader.Read(at, end);
                if (record.Deleted)
                    deleted += LogSealer.Overlap(at + Frame.LengthBytes, record.Payload.Length, from, to);
                at = record.Next.Value;
            }
        }
        catch (LogDamagedException)
        {
            return 0;
        }

        return deleted;
    }

    /// <summary>The byte after a block.</summary>
    public long EndOf(int block) => (block + 1L) * blockBytes;

    /// <summary>Where the first record that has bytes in a sealed block starts; where the block does when its frames do not connect.</summary>
    public long FirstRecordOf(int block)
    {
        try
        {
            return StartOfFrameIn(block);
        }
        catch (LogDamagedException)
        {
            return (long)block * blockBytes;
        }
    }

    // The block before is sealed, so the first boundary behind it is known.
    private long StartOfFrameIn(int block)
    {
        if (block == 0)
            return 0;
        long boundary = (long)block * blockBytes + seals[block - 1].Next;
        return seals[block - 1].Next == 0 ? boundary : reader.Previous(boundary).Value;
    }

    // What fails here leaves a stale seal, which the next comparison settles by the zeroed bytes it finds.
    private void SealAgain(int block, uint deletedBytes)
    {
        byte[] bytes = new byte[blockBytes];
        try
        {
            file.ReadFully(bytes, (long)block * blockBytes);
            seals[block] = seals[block] with { Crc = Crc32C.Of(bytes), DeletedBytes = deletedBytes };
            if (block < saved && !readOnly && Fault is null)
                side.Save(block, seals.AsSpan(block, 1));
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            Fault = cause;
        }
    }

    private void Resume(long end)
    {
        if (sealer.Position < 0 && (count == 0 || SealedPosition + seals[count - 1].Next <= end))
            sealer.Restart(count, StartOfFrameIn(count));
    }

    private void TakeOneRun(long end)
    {
        using var run = new LogRun();
        if (runs.Fill(run, sealer.Position, end) is { } reason)
            throw reader.Damaged(sealer.Position, reason);
        sealer.Take(run.Buffer.AsSpan(0, run.Bytes), fresh);
        Merge();
    }

    // The array is in place before the count that lets readers into it.
    private void Merge()
    {
        if (count + fresh.Count > seals.Length)
            Array.Resize(ref seals, Math.Max(2 * seals.Length, count + fresh.Count));
        fresh.CopyTo(seals, count);
        count += fresh.Count;
        fresh.Clear();
    }

    private void Keep(int blocksAtLeast)
    {
        if (count - saved < blocksAtLeast)
            return;
        side.Save(saved, seals.AsSpan(saved, count - saved));
        saved = count;
    }
}
