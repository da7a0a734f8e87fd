using System.Buffers.Binary;
using Flume.Log;

namespace Flume.Tools.Import;

/// <summary>Reads an async-append-only-log, as ssb-db2 writes it (<c>db2/log.bipf</c>), front to back.</summary>
/// <remarks>
/// The file is a row of blocks of 64 KiB. A record is a length of two bytes, little endian, and its data; it lies in
/// one block. A length of 0 ends a block. The data of a deleted record is zero bytes.
/// </remarks>
internal sealed class BlockLog(string path) : IDisposable
{
    private const int BlockBytes = 64 * 1024, LengthBytes = 2;

    private readonly FileStream _file = new(
        path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>The length of the file in bytes.</summary>
    public long Length => _file.Length;

    /// <summary>The bytes behind the last whole block; 0 for a file that was closed in order.</summary>
    public long TornBytes => _file.Length % BlockBytes;

    /// <summary>The records in order. A record's data is valid until the next one is asked for.</summary>
    /// <exception cref="LogDamagedException">A record leaves its block.</exception>
    public IEnumerable<(long Position, ReadOnlyMemory<byte> Data)> Records()
    {
        byte[] block = new byte[BlockBytes];
        for (long start = 0; start + BlockBytes <= _file.Length; start += BlockBytes)
        {
            _file.Position = start;
            _file.ReadExactly(block);
            for (int at = 0; at + LengthBytes <= BlockBytes;)
            {
                int length = BinaryPrimitives.ReadUInt16LittleEndian(block.AsSpan(at));
                if (length == 0) break;
                if (at + LengthBytes + length > BlockBytes)
                {
                    throw new LogDamagedException(new Offset(start + at),
                        $"the record has {length} bytes, and its block ends after {BlockBytes - at - LengthBytes}", path);
                }

                yield return (start + at, block.AsMemory(at + LengthBytes, length));
                at += LengthBytes + length;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
