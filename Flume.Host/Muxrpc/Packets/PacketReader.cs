using System.Buffers;
using System.IO.Pipelines;

namespace Flume.Host.Muxrpc.Packets;

/// <summary>Cuts what a peer sends into packets.</summary>
/// <remarks>
/// 1. A length is believed only up to the limit, and memory is taken for bytes that have come, never for those
/// announced. 2. For one reader at a time.
/// </remarks>
internal sealed class PacketReader(PipeReader input, int bodyBytesMax)
{
    /// <summary>The next packet; a goodbye when the peer says so, or is gone without a word.</summary>
    /// <exception cref="PacketException">The body is longer than the limit, or was cut off.</exception>
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
        ReadOnlySequence<byte> buffer = head.Buffer;
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
