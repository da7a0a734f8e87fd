namespace Flume.Muxrpc.Packets;

/// <summary>The peer does not read any more, so sending stops.</summary>
internal sealed class PeerGoneException() : OperationCanceledException("The peer has disconnected.");
