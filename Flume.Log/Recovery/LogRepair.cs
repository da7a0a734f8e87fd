namespace Flume.Log;

/// <summary>One byte of a log that differs from what its block's checksum says it was.</summary>
/// <param name="Position">Where it lies in the log.</param>
/// <param name="Found">The byte that is there.</param>
/// <param name="Was">The byte that was there when the block was sealed.</param>
/// <param name="BlockStart">Where the block begins.</param>
/// <param name="BlockBytes">Bytes of the block.</param>
public sealed record LogByteRepair(long Position, byte Found, byte Was, long BlockStart, int BlockBytes);

/// <summary>Computes from a block's checksum which single byte of it changed: no guess, only one fits.</summary>
/// <remarks>
/// CRC-32C is linear: the difference of two checksums depends on the changed bytes and their places alone. Running that
/// difference backwards over the block meets a lone byte where one byte changed. A block of 64 KiB whose damage is larger
/// meets one by chance in 1 of 256 cases, so whoever writes the byte back verifies frames and message ids afterwards.
/// </remarks>
public static class LogRepair
{
    private const uint Polynomial = 0x82F63B78;

    private static readonly uint[] Table = MakeTable();
    private static readonly byte[] ByHighByte = MakeInverse();

    /// <summary>The bytes to put back: one for each sealed block in which just one changed.</summary>
    public static IReadOnlyList<LogByteRepair> Find(string path, CancellationToken cancel = default)
    {
        using OffsetLog log = OffsetLog.Open(path, new LogOptions { ReadOnly = true });
        List<LogByteRepair> repairs = [];
        byte[] block = new byte[log.Check.BlockBytes];
        for (int i = 0; i < log.Check.SealedBlocks; i++)
        {
            cancel.ThrowIfCancellationRequested();
            if (log.Check.Compare(i) is null) continue;
            long start = log.Check.EndOf(i) - block.Length;
            if (log.Bytes.ReadFully(block, start) < block.Length) break;
            if (Only(block, log.Check.CrcOf(i)) is not var (at, mask)) continue;
            repairs.Add(new LogByteRepair(start + at, block[at], (byte)(block[at] ^ mask), start, block.Length));
        }

        return repairs;
    }

    /// <summary>Puts a byte back, durably, if the byte to replace is still there.</summary>
    /// <exception cref="IOException">It is not, or the disk refuses.</exception>
    public static void Apply(string path, LogByteRepair repair)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        file.Position = repair.Position;
        int found = file.ReadByte();
        if (found != repair.Found)
            throw new IOException($"{path} has {found} at {repair.Position}, not {repair.Found}: it changed meanwhile.");
        file.Position = repair.Position;
        file.WriteByte(repair.Was);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Where one byte differs, and by which bits; null when none explains the checksum, or several do.</summary>
    internal static (int At, byte Mask)? Only(ReadOnlySpan<byte> block, uint expected)
    {
        uint difference = Crc32C.Of(block) ^ expected;
        if (difference == 0) return null;
        (int At, byte Mask)? only = null;
        for (int at = block.Length - 1; at >= 0; at--)
        {
            uint index = ByHighByte[difference >> 24];
            difference = ((difference ^ Table[index]) << 8) | index;
            if (difference > byte.MaxValue) continue;
            if (only is not null) return null;
            only = (at, (byte)difference);
        }

        return only;
    }

    private static uint[] MakeTable()
    {
        uint[] table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint crc = i;
            for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) * Polynomial);
            table[i] = crc;
        }

        return table;
    }

    private static byte[] MakeInverse()
    {
        byte[] inverse = new byte[256];
        for (int i = 0; i < Table.Length; i++) inverse[Table[i] >> 24] = (byte)i;
        return inverse;
    }
}
