using Flume.Ssb.Crypto;

namespace Flume.Muxrpc.Handshake;

/// <summary>The nonce of a box-stream: a big-endian counter of 24 bytes (docs/spec 6.4).</summary>
internal sealed class BoxNonce(ReadOnlySpan<byte> first)
{
    private readonly byte[] _bytes = first.ToArray();

    /// <summary>The nonce for the next box.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Increments the counter.</summary>
    public void Advance()
    {
        int at = Sodium.NonceBytes - 1;
        while (at >= 0 && ++_bytes[at] == 0) at--;
    }
}
