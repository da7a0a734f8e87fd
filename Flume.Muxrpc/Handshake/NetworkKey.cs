using Flume.Ssb.Crypto;

namespace Flume.Muxrpc.Handshake;

/// <summary>
/// The key of a Scuttlebutt network (<c>caps.shs</c>). Peers with different network keys cannot connect.
/// </summary>
internal sealed class NetworkKey
{
    private readonly byte[] _bytes;

    private NetworkKey(byte[] bytes) => _bytes = bytes;

    /// <summary>The 32 bytes.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Parses base64 of 32 bytes.</summary>
    public static bool TryParse(string base64, out NetworkKey key)
    {
        byte[] bytes = new byte[Sodium.KeyBytes];
        key = new NetworkKey(bytes);
        return Convert.TryFromBase64String(base64, bytes, out int written) && written == bytes.Length;
    }
}
