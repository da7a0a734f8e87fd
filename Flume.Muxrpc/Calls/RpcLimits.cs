using Flume.Muxrpc.Packets;

namespace Flume.Muxrpc.Calls;

/// <summary>What one connection may take; what each value is for stands in flume.conf beside its default.</summary>
/// <param name="BodyBytesMax">Bytes of one packet's body; more ends the connection.</param>
/// <param name="StreamsMax">Streams open at once; more are refused, and as many again end the connection.</param>
/// <param name="CallsMax">Calls without an answer at once; more are refused.</param>
internal sealed record RpcLimits(int BodyBytesMax, int StreamsMax, int CallsMax)
{
    /// <summary>Places for large bodies, shared by many connections; null for as many as come.</summary>
    public LargeBodies? LargeBodies { get; init; }
}
