using System.Buffers.Binary;

namespace Flume.Log;

/// <summary>The checksum of one full block of the log.</summary>
/// <param name="Crc">CRC-32C of the block's bytes.</param>
/// <param name="Next">Bytes from the block's end to the first record boundary at or after it.</param>
/// <param name="DeletedBytes">
/// The number of zero bytes in deleted payloads. It distinguishes a delete by another process from damage.
/// </param>
internal readonly record struct BlockChecksum(uint Crc, uint Next, uint DeletedBytes);

/// <summary>
/// The side file <c>log.offset.crc</c>: one <see cref="BlockChecksum"/> per full block of the log. FORMAT.md
/// specifies it.
/// </summary>
/// <remarks>
/// Opening a log does not need the file, and the log can rebuild it. It is synced only when entries are cut off. Every
/// entry has its own checksum, and loading stops at the first invalid entry. The first saved entry creates the file.
/// </remarks>
internal sealed class ChecksumFile(LogSettings log) : IDisposable
{
    private const int HeaderBytes = 32, EntryBytes = 16, EntriesAtOnce = 4096, FailuresMax = 8;
    private static readonly byte[] Magic = "FLUMECRC"u8.ToArray();

    private readonly LogOptions _options = log.Options;
    private readonly string _path = log.Path + ".crc";
    private List<BlockChecksum> _loaded = [];
    private ILogFile? _file;

    /// <summary>The entries that <see cref="Load"/> accepted, in block order.</summary>
    public IReadOnlyList<BlockChecksum> Loaded => _loaded;

    /// <summary>
    /// Loads the entries that match this log, up to its length. Returns the highest record boundary that they prove.
    /// </summary>
    public long Load(TailScanner tail, long length)
    {
        try
        {
            _loaded = LoadAll();
            return DropForeign(tail, length);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            // An unreadable side file does not prevent opening. The next save meets and reports the same error.
            _loaded = [];
            return 0;
        }
    }

    /// <summary>Drops the entries of all blocks that end after <paramref name="end"/>, also from the file.</summary>
    public void DropBeyond(long end)
    {
        int whole = (int)Math.Min(_loaded.Count, end / _options.CrcBlockBytes);
        _loaded.RemoveRange(whole, _loaded.Count - whole);
        if (_options.ReadOnly)
            return;
        try
        {
            Truncate(whole);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            // The next save meets and reports the same error.
        }
    }

    private long DropForeign(TailScanner tail, long length)
    {
        for (int failed = 0; _loaded.Count > 0;)
        {
            long known = (long)_loaded.Count * _options.CrcBlockBytes + _loaded[^1].Next;
            if (known <= length && tail.StartOfFrameEndingAt(known) >= 0)
                return known;
            _loaded.RemoveAt(_loaded.Count - 1);

            // A lost end of the log invalidates only the last entries. Many invalid entries belong to another log.
            if (known <= length && ++failed == FailuresMax)
                _loaded.Clear();
        }

        return 0;
    }

    private List<BlockChecksum> LoadAll()
    {
        var checksums = new List<BlockChecksum>();
        if (!File.Exists(_path))
            return checksums;
        _file = _options.Disk.Open(_path, FileMode.Open, _options.ReadOnly ? FileAccess.Read : FileAccess.ReadWrite);
        Span<byte> header = stackalloc byte[HeaderBytes];
        if (_file.ReadFully(header, 0) < HeaderBytes || !header.SequenceEqual(Header()))
            return checksums;
        byte[] buffer = new byte[EntriesAtOnce * EntryBytes];
        while (true)
        {
            int read = _file.ReadFully(buffer, At(checksums.Count));
            for (int at = 0; at + EntryBytes <= read; at += EntryBytes)
            {
                if (!TryDecode(buffer.AsSpan(at, EntryBytes), checksums.Count, out BlockChecksum checksum))
                    return checksums;
                checksums.Add(checksum);
            }

            if (read < buffer.Length)
                return checksums;
        }
    }

    /// <summary>Reads one entry from the file. False if the entry is invalid.</summary>
    public bool TryReload(int block, out BlockChecksum checksum)
    {
        Span<byte> entry = stackalloc byte[EntryBytes];
        checksum = default;
        return _file is not null && _file.ReadFully(entry, At(block)) == EntryBytes
            && TryDecode(entry, block, out checksum);
    }

    /// <summary>Writes the entries of consecutive blocks. <paramref name="block"/> is the first block.</summary>
    public void Save(int block, ReadOnlySpan<BlockChecksum> checksums)
    {
        _file ??= _options.Disk.Open(_path, FileMode.OpenOrCreate, FileAccess.ReadWrite);
        if (block == 0)
            _file.Write(Header(), 0);
        byte[] bytes = new byte[checksums.Length * EntryBytes];
        for (int i = 0; i < checksums.Length; i++)
            Encode(bytes.AsSpan(i * EntryBytes, EntryBytes), block + i, checksums[i]);
        _file.Write(bytes, At(block));
    }

    // Stale entries would seem valid after the log has grown over their blocks again. A power loss can bring them back,
    // so the cut is synced.
    private void Truncate(int count)
    {
        if (_file is null || _file.Length <= At(count))
            return;
        _file.Truncate(At(count));
        _file.Sync();
    }

    public void Dispose() => _file?.Dispose();

    private static long At(int block) => HeaderBytes + (long)block * EntryBytes;

    private byte[] Header()
    {
        byte[] header = new byte[HeaderBytes];
        Magic.CopyTo(header, 0);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(8), 1);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(12), (uint)_options.CrcBlockBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(16), (uint)log.EndBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(28), Crc32C.Of(header.AsSpan(0, 28)));
        return header;
    }

    private static void Encode(Span<byte> entry, int block, BlockChecksum checksum)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(entry, checksum.Crc);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[4..], checksum.Next);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[8..], checksum.DeletedBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[12..], OwnCrc(entry, block));
    }

    private static bool TryDecode(ReadOnlySpan<byte> entry, int block, out BlockChecksum checksum)
    {
        checksum = new BlockChecksum(
            BinaryPrimitives.ReadUInt32LittleEndian(entry),
            BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]),
            BinaryPrimitives.ReadUInt32LittleEndian(entry[8..]));
        return BinaryPrimitives.ReadUInt32LittleEndian(entry[12..]) == OwnCrc(entry, block);
    }

    // The CRC starts from the block number, so an entry at another block's position is invalid. It is not 0 for zero
    // bytes.
    private static uint OwnCrc(ReadOnlySpan<byte> entry, int block) => Crc32C.Append((uint)block + 1, entry[..12]);
}
