using Flume.Log.Primitives;

namespace Flume.Log;

/// <summary>One byte of a log that differs from the value that its block's checksum implies.</summary>
/// <param name="Position">Its position in the log.</param>
/// <param name="Found">The present byte.</param>
/// <param name="Was">The original byte, computed from the checksum.</param>
/// <param name="BlockStart">The start of the block.</param>
/// <param name="BlockBytes">The size of the block in bytes.</param>
public sealed record LogByteRepair(long Position, byte Found, byte Was, long BlockStart, int BlockBytes);

/// <summary>
/// Computes the single changed byte of a block from the block's checksum. It returns only unique solutions.
/// </summary>
/// <remarks>
/// CRC-32C is linear: the difference of two checksums depends only on the changed bytes and their positions. The
/// search runs that difference backwards over the block and finds the position where one byte explains it. For larger
/// damage in a 64 KiB block, the search finds a false byte in 1 of 256 cases. So the caller must verify frames and
/// message ids after it writes the byte.
/// </remarks>
public static class LogRepair
{
    private const uint Polynomial = 0x82F63B78;

    private static readonly uint[] Table = MakeTable();
    private static readonly byte[] ByHighByte = MakeInverse();

    /// <summary>The bytes to restore: one for each block in which exactly one byte changed.</summary>
    public static IReadOnlyList<LogByteRepair> Find(string path, CancellationToken cancel = default)
    {
        using OffsetLog log = OffsetLog.Open(path, new LogOptions { ReadOnly = true });
        List<LogByteRepair> repairs = [];
        byte[] block = new byte[log.Check.BlockBytes];
        for (int i = 0; i < log.Check.BlocksWithChecksum; i++)
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

    /// <summary>Restores a byte durably, if the byte to replace is unchanged.</summary>
    /// <exception cref="IOException">The byte has changed, or the write fails.</exception>
    public static void Apply(string path, LogByteRepair repair)
    {
        using FileStream file = new(path, OwnerFile.Options(FileMode.Open, FileAccess.ReadWrite, FileShare.Read));
        file.Position = repair.Position;
        int found = file.ReadByte();
        if (found != repair.Found)
            throw new IOException(
                $"Cannot repair {path}: the byte at {repair.Position} is {found}; expected {repair.Found}. " +
                "The file has changed. Verify it again.");
        file.Position = repair.Position;
        file.WriteByte(repair.Was);
        OwnerFile.Sync(file);
    }

    /// <summary>
    /// The position and the bits of the single changed byte; null if none or several explain the checksum.
    /// </summary>
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
