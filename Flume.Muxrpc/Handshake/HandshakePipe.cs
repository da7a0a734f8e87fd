using System.Buffers;
using System.IO.Pipelines;

namespace Flume.Muxrpc.Handshake;

/// <summary>Reads messages of a known length.</summary>
internal static class HandshakePipe
{
    /// <summary>The next <paramref name="length"/> bytes; null if the peer disconnects before.</summary>
    public static async ValueTask<byte[]?> ReadAsync(PipeReader input, int length, CancellationToken cancel)
    {
        ReadResult read = await input.ReadAtLeastAsync(length, cancel).ConfigureAwait(false);
        ReadOnlySequence<byte> buffer = read.Buffer;
        byte[]? message = buffer.Length < length ? null : buffer.Slice(0, length).ToArray();
        input.AdvanceTo(message is null ? buffer.End : buffer.GetPosition(length));
        return message;
    }
}
