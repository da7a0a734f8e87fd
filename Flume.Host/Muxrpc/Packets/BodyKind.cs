namespace Flume.Host.Muxrpc.Packets;

/// <summary>What a packet's body holds: the two lowest bits of its flags (docs/spec 6.2).</summary>
internal enum BodyKind
{
    /// <summary>Bytes as they are.</summary>
    Bytes = 0,

    /// <summary>Text in UTF-8.</summary>
    Text = 1,

    /// <summary>One JSON value.</summary>
    Json = 2,
}
