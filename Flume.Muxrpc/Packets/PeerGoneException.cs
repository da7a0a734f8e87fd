namespace Flume.Muxrpc.Packets;

/// <summary>Nobody reads what is sent any more: whatever was to be sent ends here.</summary>
internal sealed class PeerGoneException() : OperationCanceledException("The peer is gone.");
