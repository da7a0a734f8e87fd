using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Flume.Ssb.Crypto;

namespace Flume.Muxrpc.Handshake;

/// <summary>Encrypts one direction of a connection (docs/spec 6.4).</summary>
/// <remarks>
/// Each piece has at most 4096 bytes and uses two nonces: one for its header, one for itself. A header of zeros ends
/// the stream. So a receiver can distinguish a cut connection from the end.
/// </remarks>
internal sealed class BoxWriter(SessionKeys keys)
{
    /// <summary>The maximum plain bytes of one piece.</summary>
    public const int PieceBytesMax = 4096;

    /// <summary>Plain bytes of a header: the piece's length and tag.</summary>
    public const int HeaderPlainBytes = sizeof(ushort) + Sodium.BoxTagBytes;

    /// <summary>Bytes of a header on the wire.</summary>
    public const int HeaderBytes = HeaderPlainBytes + Sodium.BoxTagBytes;

    private readonly byte[] _piece = new byte[PieceBytesMax];
    private readonly BoxNonce _nonce = new(keys.EncryptNonce);

    /// <summary>Encrypts the bytes of <paramref name="plain"/> until it completes, then ends the stream.</summary>
    public async Task RunAsync(PipeReader plain, PipeWriter output, CancellationToken cancel)
    {
        while (true)
        {
            ReadResult read = await plain.ReadAsync(cancel).ConfigureAwait(false);
            for (ReadOnlySequence<byte> rest = read.Buffer; !rest.IsEmpty;)
            {
                ReadOnlySequence<byte> next = rest.Slice(0, Math.Min(PieceBytesMax, rest.Length));
                Write(next, output);
                rest = rest.Slice(next.End);
            }

            plain.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) WriteEnd(output);
            FlushResult flushed = await output.FlushAsync(cancel).ConfigureAwait(false);
            if (read.IsCompleted || flushed.IsCompleted) return;
        }
    }

    private void Write(ReadOnlySequence<byte> plain, PipeWriter output)
    {
        int length = (int)plain.Length;
        plain.CopyTo(_piece);
        Span<byte> header = stackalloc byte[HeaderPlainBytes];
        Span<byte> box = output.GetSpan(HeaderBytes + length)[..(HeaderBytes + length)];

        // The piece is encrypted in place so that its bytes follow the header. Then its tag moves into the header.
        Span<byte> nonceOfHeader = stackalloc byte[Sodium.NonceBytes];
        _nonce.Bytes.CopyTo(nonceOfHeader);
        _nonce.Advance();
        Span<byte> boxed = box[HeaderPlainBytes..];
        Sodium.Box(_piece.AsSpan(0, length), _nonce.Bytes, keys.EncryptKey, boxed);
        _nonce.Advance();

        BinaryPrimitives.WriteUInt16BigEndian(header, (ushort)length);
        boxed[..Sodium.BoxTagBytes].CopyTo(header[sizeof(ushort)..]);
        Sodium.Box(header, nonceOfHeader, keys.EncryptKey, box[..HeaderBytes]);
        output.Advance(box.Length);
    }

    private void WriteEnd(PipeWriter output)
    {
        ReadOnlySpan<byte> zeros = stackalloc byte[HeaderPlainBytes];
        Sodium.Box(zeros, _nonce.Bytes, keys.EncryptKey, output.GetSpan(HeaderBytes)[..HeaderBytes]);
        output.Advance(HeaderBytes);
    }
}
