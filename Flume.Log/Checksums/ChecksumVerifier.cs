using System.Buffers;

namespace Flume.Log;

/// <summary>
/// Detects changed bytes. It keeps a checksum of every full block and compares each block at its first read.
/// </summary>
/// <remarks>
/// 1. A block is compared once per opening. Later reads cost one bit test. Blocks without a checksum are skipped.
/// 2. A mismatch is damage unless the block has more zeroed payload bytes than its checksum recorded. In that case
///    another program deleted a record, and the verifier computes a new checksum.
/// 3. Appends add checksums as they write. <see cref="AddChecksums"/> adds them to a log that has none.
/// 4. An error here never fails an open or an append. It stops the verifier; see <see cref="Fault"/>.
/// Readers take the lock only to examine a mismatch. Appends, deletes and computing checksums always take it.
/// </remarks>
internal sealed class ChecksumVerifier : IDisposable
{
    private const int SaveBlocksAtOnce = 16;
    private const int CatchUpBytesMax = 4 << 20;

    private readonly Lock _gate = new();
    private readonly ILogFile _file;
    private readonly LogReader _reader;
    private readonly BatchReader _runs;
    private readonly BlockChecksummer _checksummer;
    private readonly ChecksumTable _checksums;
    private readonly List<BlockChecksum> _fresh = [];
    private Exception? _fault;

    public ChecksumVerifier(ChecksumFile side, ILogFile file, LogReader reader, LogSettings log)
    {
        (_file, _reader) = (file, reader);
        BlockBytes = log.Options.CrcBlockBytes;
        _runs = new BatchReader(file, log);
        _checksummer = new BlockChecksummer(BlockBytes, log.EndBytes);
        _checksums = new ChecksumTable(side, log.Options.ReadOnly);
    }

    /// <summary>The size of a block in bytes.</summary>
    public int BlockBytes { get; }

    /// <summary>The number of blocks with a checksum. These blocks are numbered from 0.</summary>
    public int BlocksWithChecksum => _checksums.Count;

    /// <summary>The byte after the last block with a checksum.</summary>
    public long ChecksummedEnd => (long)_checksums.Count * BlockBytes;

    /// <summary>The error that stopped computing or saving checksums; null while both work.</summary>
    public Exception? Fault => _fault ?? _checksums.Fault;

    /// <summary>The byte after a block.</summary>
    public long EndOf(int block) => (block + 1L) * BlockBytes;

    /// <summary>The stored checksum of a block.</summary>
    public uint CrcOf(int block) => _checksums[block].Crc;

    /// <summary>
    /// Verifies that the bytes in <c>[from, to)</c> match their checksums, as far as checksums exist.
    /// </summary>
    /// <exception cref="LogDamagedException">The bytes differ. It names <paramref name="from"/>.</exception>
    public void Ensure(long from, long to)
    {
        int last = (int)Math.Min((to - 1) / BlockBytes, _checksums.Count - 1);
        for (int block = (int)(from / BlockBytes); block <= last; block++)
        {
            if (_checksums.IsVerified(block))
                continue;
            if (Compare(block) is { } reason)
                throw _reader.Damaged(from, reason);
            MarkVerified(block);
        }
    }

    /// <summary>
    /// Verifies bytes that the caller already read from <paramref name="from"/> on. Most blocks need no second read.
    /// </summary>
    /// <exception cref="LogDamagedException">The bytes differ. It names <paramref name="from"/>.</exception>
    public void Ensure(long from, ReadOnlySpan<byte> bytes)
    {
        long to = from + bytes.Length;
        long first = (from + BlockBytes - 1) / BlockBytes;
        for (long block = first; block < _checksums.Count && EndOf((int)block) <= to; block++)
        {
            ReadOnlySpan<byte> content = bytes.Slice((int)(block * BlockBytes - from), BlockBytes);
            if (!_checksums.IsVerified((int)block) && Crc32C.Of(content) == _checksums[(int)block].Crc)
                MarkVerified((int)block);
        }

        Ensure(from, to);
    }

    /// <summary>
    /// Compares a block with its checksum, also if it was compared before. Null if they match, otherwise the
    /// difference.
    /// </summary>
    public string? Compare(int block)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BlockBytes);
        try
        {
            Span<byte> bytes = buffer.AsSpan(0, BlockBytes);
            if (Read(block, bytes) && Crc32C.Of(bytes) == _checksums[block].Crc)
                return null;
            lock (_gate)
                return Settle(block, bytes);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>
    /// The start of the first record with bytes in a block. It is the block's start if its frames do not connect.
    /// </summary>
    public long FirstRecordOf(int block)
    {
        try
        {
            return StartOfFrameIn(block);
        }
        catch (LogDamagedException)
        {
            return (long)block * BlockBytes;
        }
    }

    /// <summary>
    /// Computes checksums for an append. <paramref name="frames"/> start at <paramref name="start"/>.
    /// </summary>
    public void Appended(ReadOnlySpan<byte> frames, long start)
    {
        lock (_gate)
        {
            if (_fault is not null)
                return;
            try
            {
                Resume(start);
                while (_checksummer.IsRunning && _checksummer.Position < start
                    && start - _checksummer.Position <= CatchUpBytesMax)
                    TakeRun(start);
                if (_checksummer.IsRunning && _checksummer.Position == start)
                    Take(frames);
                _checksums.Save(SaveBlocksAtOnce);
            }
            catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or LogDamagedException)
            {
                _fault = cause;
            }
        }
    }

    /// <summary>Zeroes a payload by <paramref name="zero"/> and updates its checksums under one lock.</summary>
    /// <remarks>
    /// <see cref="Synced"/> saves the new checksums. Saved before the zeros are durable, they would report damage.
    /// </remarks>
    public void Deleting(LogRecord record, Action zero)
    {
        long start = record.Offset.Value + Frame.LengthBytes;
        long end = start + record.Payload.Length;
        lock (_gate)
        {
            zero();
            int block = (int)(start / BlockBytes);
            for (; block < _checksums.Count && EndOf(block) - BlockBytes < end; block++)
                SealAgain(block, DeletedBytesOf(block, start, record), save: false);

            // The running checksum of the incomplete block contains the bytes that were just zeroed.
            if (EndOf(block) - BlockBytes < end)
                _checksummer.Stop();
        }
    }

    /// <summary>Called after a sync of the log: checksums of blocks with new deletes can now be saved.</summary>
    public void Synced()
    {
        lock (_gate)
            _checksums.SaveReplaced();
    }

    /// <summary>
    /// Adds checksums for up to 1 MiB of the log below <paramref name="end"/>. False if all blocks have one.
    /// </summary>
    /// <exception cref="LogDamagedException">A frame does not verify. Later blocks get no checksum.</exception>
    public bool AddChecksums(long end)
    {
        lock (_gate)
        {
            Resume(end);
            bool more = _checksummer.IsRunning && _checksummer.Position < end;
            if (more)
                TakeRun(end);
            _checksums.Save(more ? SaveBlocksAtOnce : 1);
            return more;
        }
    }

    public void Dispose()
    {
        lock (_gate)
            _checksums.Dispose();
    }

    private bool Read(int block, Span<byte> bytes) => _file.ReadFully(bytes, (long)block * BlockBytes) == BlockBytes;

    private uint Overlap(long start, int bytes, int block) =>
        BlockChecksummer.Overlap(start, bytes, (long)block * BlockBytes, EndOf(block));

    private void MarkVerified(int block)
    {
        lock (_gate)
            _checksums.MarkVerified(block);
    }

    // The lock excludes deletes of this process. Deletes of other processes appear as zeroed payloads.
    private string? Settle(int block, Span<byte> bytes)
    {
        long start = (long)block * BlockBytes;
        _checksums.Reload(block);
        if (!Read(block, bytes))
            return $"the file ends inside bytes {start} to {EndOf(block)}, which have a checksum";
        uint crc = Crc32C.Of(bytes);
        if (crc == _checksums[block].Crc)
            return null;
        uint deleted = CountDeletedBytes(block);
        if (deleted <= _checksums[block].DeletedBytes)
            return $"the checksum of bytes {start} to {EndOf(block)} is {crc:x8}, stored as {_checksums[block].Crc:x8}";
        SealAgain(block, deleted, save: true);
        return null;
    }

    private uint CountDeletedBytes(int block)
    {
        uint deleted = 0;
        try
        {
            for (long at = StartOfFrameIn(block); at < EndOf(block);)
            {
                LogRecord record = _reader.Read(at, EndOf(block) + _checksums[block].Next);
                if (record.Deleted)
                    deleted += Overlap(at + Frame.LengthBytes, record.Payload.Length, block);
                at = record.Next.Value;
            }
        }
        catch (LogDamagedException)
        {
            return 0;
        }

        return deleted;
    }

    // The previous block has a checksum, so the first boundary after it is known.
    private long StartOfFrameIn(int block)
    {
        if (block == 0)
            return 0;
        long boundary = EndOf(block - 1) + _checksums[block - 1].Next;
        return _checksums[block - 1].Next == 0 ? boundary : _reader.Previous(boundary).Value;
    }

    // If the read fails, the old checksum stays. The next comparison then counts the zeroed bytes.
    private void SealAgain(int block, uint deletedBytes, bool save)
    {
        byte[] bytes = new byte[BlockBytes];
        if (!Read(block, bytes))
            return;
        _checksums.Replace(block, _checksums[block] with { Crc = Crc32C.Of(bytes), DeletedBytes = deletedBytes });
        if (save)
            _checksums.SaveReplaced();
    }

    // The checksum already counts a record that was deleted before.
    private uint DeletedBytesOf(int block, long start, LogRecord record) =>
        _checksums[block].DeletedBytes + (record.Deleted ? 0 : Overlap(start, record.Payload.Length, block));

    private void Resume(long end)
    {
        int next = _checksums.Count;
        if (!_checksummer.IsRunning && (next == 0 || ChecksummedEnd + _checksums[next - 1].Next <= end))
            _checksummer.Restart(next, StartOfFrameIn(next));
    }

    private void TakeRun(long end)
    {
        using var run = new RecordBatch();
        if (_runs.Fill(run, _checksummer.Position, end) is { } reason)
            throw _reader.Damaged(_checksummer.Position, reason);
        Take(run.Buffer.AsSpan(0, run.Bytes));
    }

    private void Take(ReadOnlySpan<byte> frames)
    {
        _fresh.Clear();
        _checksummer.Take(frames, _fresh);
        _checksums.Add(_fresh);
    }
}
