using System.Buffers;
using System.IO.Pipelines;

namespace Flume.Muxrpc.Packets;

/// <summary>Splits the bytes of a peer into packets.</summary>
/// <remarks>
/// 1. A length is accepted only up to the limit. Memory is allocated for received bytes, not for announced bytes.
/// 2. A body that is not small is read in pieces, so that the connection's own buffers stay small.
/// 3. Not thread-safe.
/// </remarks>
/// <param name="input">The peer's bytes.</param>
/// <param name="bodyBytesMax">The maximum bytes of a body.</param>
/// <param name="large">The shared limit of large bodies; null for no limit.</param>
internal sealed class PacketReader(PipeReader input, int bodyBytesMax, LargeBodies? large = null)
{
    private const int SmallBytes = 32 * 1024;

    private long _bytes;

    /// <summary>The bytes of the received packets, headers included.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>The next packet; a goodbye if the peer sends one or disconnects.</summary>
    /// <exception cref="PacketException">The body exceeds the size limit or the time limit.</exception>
    public async ValueTask<Packet> ReadAsync(CancellationToken cancel)
    {
        ReadResult head = await input.ReadAtLeastAsync(PacketHeader.Size, cancel).ConfigureAwait(false);
        if (head.Buffer.Length < PacketHeader.Size) return Ended(head.Buffer);
        PacketHeader header = ReadHeader(head.Buffer);
        if (header.Length > bodyBytesMax)
        {
            throw new PacketException(
                header.Request,
                $"its body has {header.Length} bytes; at most {bodyBytesMax} are accepted on this connection.");
        }

        int size = PacketHeader.Size + (int)header.Length;
        Volatile.Write(ref _bytes, _bytes + size);
        if (head.Buffer.Length >= size)
            return await ReadSmallAsync(header, head.Buffer, cancel).ConfigureAwait(false);
        ReadOnlySequence<byte> begun = head.Buffer;
        Func<CancellationToken, ValueTask<Packet>> rest = header.Length <= SmallBytes
            ? patience => ReadSmallAsync(header, begun, patience)
            : patience => ReadPiecesAsync(header, patience);
        if (header.Length > SmallBytes) input.AdvanceTo(begun.GetPosition(PacketHeader.Size));
        ValueTask<Packet> packet = large is null ? rest(cancel)
            : header.Length > LargeBodies.Bytes ? large.ReceiveAsync(header.Request, rest, cancel)
            : large.WithinAsync(header.Request, rest, cancel);
        return await packet.ConfigureAwait(false);
    }

    private async ValueTask<Packet> ReadSmallAsync(
        PacketHeader header, ReadOnlySequence<byte> buffer, CancellationToken cancel)
    {
        int size = PacketHeader.Size + (int)header.Length;
        if (buffer.Length < size)
        {
            input.AdvanceTo(buffer.Start);
            buffer = (await input.ReadAtLeastAsync(size, cancel).ConfigureAwait(false)).Buffer;
        }

        if (buffer.Length < size) return Ended(buffer);
        byte[] body = buffer.Slice(PacketHeader.Size, (int)header.Length).ToArray();
        input.AdvanceTo(buffer.GetPosition(size));
        return new Packet(header, body);
    }

    private async ValueTask<Packet> ReadPiecesAsync(PacketHeader header, CancellationToken cancel)
    {
        ArrayBufferWriter<byte> body = new(SmallBytes);
        while (true)
        {
            ReadResult read = await input.ReadAsync(cancel).ConfigureAwait(false);
            long taken = Math.Min(read.Buffer.Length, header.Length - body.WrittenCount);
            foreach (ReadOnlyMemory<byte> piece in read.Buffer.Slice(0, taken)) body.Write(piece.Span);
            input.AdvanceTo(read.Buffer.GetPosition(taken));
            if (body.WrittenCount == header.Length) return new Packet(header, body.WrittenMemory);
            if (read.IsCompleted) return new Packet(PacketHeader.Goodbye, default);
        }
    }

    private Packet Ended(ReadOnlySequence<byte> rest)
    {
        input.AdvanceTo(rest.End);
        return new Packet(PacketHeader.Goodbye, default);
    }

    private static PacketHeader ReadHeader(ReadOnlySequence<byte> buffer)
    {
        Span<byte> bytes = stackalloc byte[PacketHeader.Size];
        buffer.Slice(0, PacketHeader.Size).CopyTo(bytes);
        return PacketHeader.Read(bytes);
    }
}
