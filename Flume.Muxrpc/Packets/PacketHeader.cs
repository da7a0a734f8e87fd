using System.Buffers.Binary;

namespace Flume.Muxrpc.Packets;

/// <summary>The nine bytes before each body (docs/spec 6.2): flags, the body's length, the request number.</summary>
/// <param name="IsStream">True for packets of a source, sink or duplex; false for a call and its answer.</param>
/// <param name="IsEnd">True for the last packet of one side of a stream, and for a call's error.</param>
/// <param name="Kind">The type of the body. An invalid packet can have an undefined value.</param>
/// <param name="Length">Bytes of the body. A header of zeros is a goodbye.</param>
/// <param name="Request">
/// Positive from the requesting side, negative from the answering side, 0 for a goodbye.
/// </param>
internal readonly record struct PacketHeader(bool IsStream, bool IsEnd, BodyKind Kind, uint Length, int Request)
{
    /// <summary>Bytes of a header.</summary>
    public const int Size = 9;

    private const byte StreamBit = 8;
    private const byte EndBit = 4;
    private const byte KindBits = 3;

    /// <summary>Nine zeros: the sender sends nothing more.</summary>
    public static PacketHeader Goodbye => default;

    /// <summary>True if the header is a goodbye.</summary>
    public bool IsGoodbye => this == Goodbye;

    /// <summary>Reads a header. Like JavaScript, it ignores undefined bits.</summary>
    public static PacketHeader Read(ReadOnlySpan<byte> bytes) => new(
        (bytes[0] & StreamBit) != 0,
        (bytes[0] & EndBit) != 0,
        (BodyKind)(bytes[0] & KindBits),
        BinaryPrimitives.ReadUInt32BigEndian(bytes[1..]),
        BinaryPrimitives.ReadInt32BigEndian(bytes[5..]));

    /// <summary>Writes <see cref="Size"/> bytes.</summary>
    public void Write(Span<byte> bytes)
    {
        bytes[0] = (byte)((IsStream ? StreamBit : 0) | (IsEnd ? EndBit : 0) | (byte)Kind);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[1..], Length);
        BinaryPrimitives.WriteInt32BigEndian(bytes[5..], Request);
    }
}
