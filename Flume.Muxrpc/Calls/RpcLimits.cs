using Flume.Muxrpc.Packets;

namespace Flume.Muxrpc.Calls;

/// <summary>The limits of one connection. flume.conf documents each value and its default.</summary>
/// <param name="BodyBytesMax">The maximum bytes of one packet's body. A larger body ends the connection.</param>
/// <param name="StreamsMax">The maximum of open streams. More are refused. Twice as many end the connection.</param>
/// <param name="CallsMax">The maximum of calls without an answer. More are refused.</param>
internal sealed record RpcLimits(int BodyBytesMax, int StreamsMax, int CallsMax)
{
    /// <summary>The limit of large bodies that many connections share; null for no limit.</summary>
    public LargeBodies? LargeBodies { get; init; }
}
