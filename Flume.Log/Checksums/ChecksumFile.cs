using System.Buffers.Binary;

namespace Flume.Log;

/// <summary>What is remembered about one full block of the log.</summary>
/// <param name="Crc">CRC-32C of its bytes.</param>
/// <param name="Next">Bytes from the block's end to the first record boundary at or after it.</param>
/// <param name="DeletedBytes">
/// How many of its bytes are the zeros of deleted payloads: tells a deletion by others from damage.
/// </param>
internal readonly record struct BlockChecksum(uint Crc, uint Next, uint DeletedBytes);

/// <summary>
/// The side file <c>log.offset.crc</c>: one <see cref="BlockChecksum"/> per full block of the log. Drawn in FORMAT.md.
/// </summary>
/// <remarks>
/// Never needed to open a log, synced only when entries are cut off, rebuilt from the log at will: every entry checks itself, and reading stops
/// at the first that does not. The file is created when the first entry is saved.
/// </remarks>
internal sealed class ChecksumFile(LogSettings log) : IDisposable
{
    private const int HeaderBytes = 32, EntryBytes = 16, EntriesAtOnce = 4096, FailuresMax = 8;
    private static readonly byte[] Magic = "FLUMECRC"u8.ToArray();

    private readonly LogOptions _options = log.Options;
    private readonly string _path = log.Path + ".crc";
    private List<BlockChecksum> _loaded = [];
    private ILogFile? _file;

    /// <summary>The entries that <see cref="Load"/> found and kept, in block order.</summary>
    public IReadOnlyList<BlockChecksum> Loaded => _loaded;

    /// <summary>
    /// Loads the entries that are about this log, as far as it reaches; returns a record boundary that is certain, the
    /// highest known.
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
            // Checksums are no reason to keep a log closed. Saving will meet the same error and is the place that
            // reports it.
            _loaded = [];
            return 0;
        }
    }

    /// <summary>
    /// Drops the entries of blocks that do not end at or below <paramref name="end"/>, in the file too.
    /// </summary>
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
            // Saving meets the same error and reports it.
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

            // A lost end makes the last entries fail; where many fail inside the file, they tell of another log.
            if (known <= length && ++failed == FailuresMax)
                _loaded.Clear();
        }

        return 0;
    }

    private List<BlockChecksum> LoadAll()
    {
        var seals = new List<BlockChecksum>();
        if (!File.Exists(_path))
            return seals;
        _file = _options.Disk.Open(_path, FileMode.Open, _options.ReadOnly ? FileAccess.Read : FileAccess.ReadWrite);
        Span<byte> header = stackalloc byte[HeaderBytes];
        if (_file.ReadFully(header, 0) < HeaderBytes || !header.SequenceEqual(Header()))
            return seals;
        byte[] buffer = new byte[EntriesAtOnce * EntryBytes];
        while (true)
        {
            int read = _file.ReadFully(buffer, At(seals.Count));
            for (int at = 0; at + EntryBytes <= read; at += EntryBytes)
            {
                if (!TryDecode(buffer.AsSpan(at, EntryBytes), seals.Count, out BlockChecksum seal))
                    return seals;
                seals.Add(seal);
            }

            if (read < buffer.Length)
                return seals;
        }
    }

    /// <summary>One entry as the file has it now; false when it does not check.</summary>
    public bool TryReload(int block, out BlockChecksum seal)
    {
        Span<byte> entry = stackalloc byte[EntryBytes];
        seal = default;
        return _file is not null && _file.ReadFully(entry, At(block)) == EntryBytes && TryDecode(entry, block, out seal);
    }

    /// <summary>Writes the entries of consecutive blocks, the first being <paramref name="block"/>.</summary>
    public void Save(int block, ReadOnlySpan<BlockChecksum> seals)
    {
        _file ??= _options.Disk.Open(_path, FileMode.OpenOrCreate, FileAccess.ReadWrite);
        if (block == 0)
            _file.Write(Header(), 0);
        byte[] bytes = new byte[seals.Length * EntryBytes];
        for (int i = 0; i < seals.Length; i++)
            Encode(bytes.AsSpan(i * EntryBytes, EntryBytes), block + i, seals[i]);
        _file.Write(bytes, At(block));
    }

    // Entries that are left behind would be taken for true when the log has grown over their blocks again: also those
    // that a power loss brings back, so the cut is synced.
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

    private static void Encode(Span<byte> entry, int block, BlockChecksum seal)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(entry, seal.Crc);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[4..], seal.Next);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[8..], seal.DeletedBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[12..], OwnCrc(entry, block));
    }

    private static bool TryDecode(ReadOnlySpan<byte> entry, int block, out BlockChecksum seal)
    {
        seal = new BlockChecksum(
            BinaryPrimitives.ReadUInt32LittleEndian(entry),
            BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]),
            BinaryPrimitives.ReadUInt32LittleEndian(entry[8..]));
        return BinaryPrimitives.ReadUInt32LittleEndian(entry[12..]) == OwnCrc(entry, block);
    }

    // Starts from the block number, so that an entry in another's place does not check; never zero for a hole of zeros.
    private static uint OwnCrc(ReadOnlySpan<byte> entry, int block) => Crc32C.Append((uint)block + 1, entry[..12]);
}
