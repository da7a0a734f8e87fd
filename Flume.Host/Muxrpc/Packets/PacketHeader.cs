using System.Buffers.Binary;

namespace Flume.Host.Muxrpc.Packets;

/// <summary>
/// The nine bytes before each body (docs/spec 6.2): flags, the body's length, the request it belongs to.
/// </summary>
/// <param name="IsStream">True for packets of a source, sink or duplex; false for a call and its one answer.</param>
/// <param name="IsEnd">True for the last packet of a side of a stream, and for a call's error.</param>
/// <param name="Kind">What the body holds; may be a value without a name, which is the peer's mistake.</param>
/// <param name="Length">Bytes of the body; 0 says goodbye, whatever the rest.</param>
/// <param name="Request">Positive from the side that asked, negative from the side that answers, 0 for nobody.</param>
internal readonly record struct PacketHeader(bool IsStream, bool IsEnd, BodyKind Kind, uint Length, int Request)
{
    /// <summary>Bytes of a header.</summary>
    public const int Size = 9;

    private const byte StreamBit = 8;
    private const byte EndBit = 4;
    private const byte KindBits = 3;

    /// <summary>Nine zeros: nothing more comes from this side.</summary>
    public static PacketHeader Goodbye => default;

    /// <summary>True when the sender says goodbye.</summary>
    public bool IsGoodbye => Length == 0;

    /// <summary>Reads a header; bits without a meaning are passed over, as JavaScript does.</summary>
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
