namespace Flume.Muxrpc.Packets;

/// <summary>The type of a packet's body: the two lowest bits of its flags (docs/spec 6.2).</summary>
internal enum BodyKind
{
    /// <summary>Raw bytes.</summary>
    Bytes = 0,

    /// <summary>UTF-8 text.</summary>
    Text = 1,

    /// <summary>One JSON value.</summary>
    Json = 2,
}
