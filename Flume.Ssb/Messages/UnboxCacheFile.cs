using System.Buffers.Binary;
using System.IO.Hashing;
using Flume.Log.Primitives;

namespace Flume.Ssb.Messages;

/// <summary>The file of an <see cref="UnboxCache"/>: a header and batches of entries, each with a checksum.</summary>
/// <remarks>
/// All integers are little endian.
/// 1. Header, 48 bytes: "FLUMEBOX", version u32, 4 zero bytes, the identity's public key (32).
/// 2. Batch: length u32 of the entries, CRC-32 u32 of them, the entries.
/// 3. Entry: offset i64, first 8 bytes of the box's nonce; when the box opened the offset is complemented and the
///    33-byte unbox key follows.
/// 4. Everything before the first batch that does not check is good; open cuts the file there.
/// </remarks>
internal sealed class UnboxCacheFile : IDisposable
{
    /// <summary>The length of an entry for a box of another reader.</summary>
    public const int NothingBytes = 16;

    /// <summary>The length of an entry for a decrypted box.</summary>
    public const int OpenedBytes = NothingBytes + PrivateBox.UnboxKeyBytes;

    private const uint Version = 1;
    private const int HeaderBytes = 48;
    private const int BatchHeaderBytes = 8;

    private readonly FileStream _file;

    private UnboxCacheFile(FileStream file) => _file = file;

    /// <summary>Opens or creates the file, cuts an invalid end and returns all valid entries concatenated.</summary>
    public static UnboxCacheFile Open(string folder, FeedKeys identity, out byte[] entries)
    {
        OwnerFile.CreateFolder(folder);
        var stream = new FileStream(
            Path.Combine(folder, NameFor(identity)),
            OwnerFile.Options(FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read));
        var file = new UnboxCacheFile(stream);
        entries = file.Load(Header(identity));
        return file;
    }

    /// <summary>The name of an identity's file.</summary>
    public static string NameFor(FeedKeys identity) =>
        $"boxes-{Convert.ToHexStringLower(identity.PublicKey.Span[..5])}";

    /// <summary>The first error of a file, which stays unchanged; null for a valid file.</summary>
    public static string? Fault(string path, FeedKeys identity)
    {
        byte[] bytes = File.ReadAllBytes(path);
        if (!bytes.AsSpan().StartsWith(Header(identity))) return "its header is not that of this identity";
        int at = HeaderBytes;
        while (TryBatch(bytes.AsSpan(at), out int length)) at += BatchHeaderBytes + length;
        return at == bytes.Length ? null : $"the {bytes.Length - at} bytes from {at} on do not check";
    }

    /// <summary>Adds a batch at the end.</summary>
    public void Append(ReadOnlySpan<byte> entries)
    {
        var batch = new byte[BatchHeaderBytes + entries.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(batch, (uint)entries.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(batch.AsSpan(4), Crc32.HashToUInt32(entries));
        entries.CopyTo(batch.AsSpan(BatchHeaderBytes));
        _file.Write(batch);
    }

    public void Dispose() => _file.Dispose();

    private static byte[] Header(FeedKeys identity)
    {
        var header = new byte[HeaderBytes];
        "FLUMEBOX"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(8), Version);
        identity.PublicKey.Span.CopyTo(header.AsSpan(16));
        return header;
    }

    private byte[] Load(byte[] header)
    {
        var bytes = new byte[_file.Length];
        _file.ReadExactly(bytes);
        if (!bytes.AsSpan().StartsWith(header))
        {
            _file.SetLength(0);
            _file.Position = 0;
            _file.Write(header);
            return [];
        }

        int at = HeaderBytes, filled = 0;
        while (TryBatch(bytes.AsSpan(at), out int length))
        {
            // Moves the entries over the batch headers, so that one array contains them contiguously.
            Buffer.BlockCopy(bytes, at + BatchHeaderBytes, bytes, filled, length);
            filled += length;
            at += BatchHeaderBytes + length;
        }

        _file.SetLength(at);
        _file.Position = at;
        return bytes[..filled];
    }

    private static bool TryBatch(ReadOnlySpan<byte> bytes, out int length)
    {
        length = 0;
        if (bytes.Length < BatchHeaderBytes) return false;
        uint claimed = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        if (claimed == 0 || claimed > bytes.Length - BatchHeaderBytes) return false;
        ReadOnlySpan<byte> entries = bytes.Slice(BatchHeaderBytes, (int)claimed);
        if (Crc32.HashToUInt32(entries) != BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..])) return false;
        length = (int)claimed;
        return true;
    }
}
