using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Flume.Ssb.Crypto;

namespace Flume.Host.Muxrpc.Handshake;

/// <summary>Decrypts one direction of a connection (docs/spec 6.4).</summary>
/// <remarks>
/// Only bytes whose tag was right are handed on. What was not encrypted by the peer ends the connection.
/// </remarks>
/// <param name="keys">The session's keys.</param>
/// <param name="askForRest">Called when a header or piece has come in part; null when that is of no use.</param>
internal sealed class BoxReader(SessionKeys keys, Action? askForRest = null)
{
    private const int HeaderIsNext = -1;

    private readonly BoxNonce nonce = new(keys.DecryptNonce);
    private readonly byte[] header = new byte[BoxWriter.HeaderPlainBytes];
    private readonly byte[] boxed = new byte[Sodium.BoxTagBytes + BoxWriter.PieceBytesMax];
    private int pieceBytes = HeaderIsNext;

    /// <summary>Decrypts until the peer ends its stream, or nobody reads <paramref name="plain"/> any more.</summary>
    /// <exception cref="IOException">A piece was not made by the peer, or the connection was cut.</exception>
    public async Task RunAsync(PipeReader input, PipeWriter plain, CancellationToken cancel)
    {
        while (true)
        {
            ReadResult read = await input.ReadAsync(cancel).ConfigureAwait(false);
            ReadOnlySequence<byte> rest = read.Buffer;
            bool hasEnded = OpenAll(ref rest, plain);
            if (pieceBytes != HeaderIsNext || !rest.IsEmpty) askForRest?.Invoke();
            input.AdvanceTo(rest.Start, read.Buffer.End);
            FlushResult flushed = await plain.FlushAsync(cancel).ConfigureAwait(false);
            if (hasEnded || flushed.IsCompleted) return;
            if (read.IsCompleted) throw new IOException("The connection was cut before the peer ended its stream.");
        }
    }

    /// <summary>Opens every header and piece that is there in full; true at the end of the stream.</summary>
    private bool OpenAll(ref ReadOnlySequence<byte> rest, PipeWriter plain)
    {
        while (true)
        {
            int needed = pieceBytes == HeaderIsNext ? BoxWriter.HeaderBytes : pieceBytes;
            if (rest.Length < needed) return false;
            ReadOnlySequence<byte> next = rest.Slice(0, needed);
            rest = rest.Slice(needed);
            if (pieceBytes != HeaderIsNext) OpenPiece(next, plain);
            else if (!OpenHeader(next)) return true;
        }
    }

    private bool OpenHeader(ReadOnlySequence<byte> box)
    {
        Span<byte> bytes = boxed.AsSpan(0, BoxWriter.HeaderBytes);
        box.CopyTo(bytes);
        Open(bytes, header);
        if (header.AsSpan().IndexOfAnyExcept((byte)0) < 0) return false;
        pieceBytes = BinaryPrimitives.ReadUInt16BigEndian(header);
        return pieceBytes is > 0 and <= BoxWriter.PieceBytesMax ? true : throw new IOException(
            $"The peer sent a piece of {pieceBytes} bytes; a box-stream has 1 to {BoxWriter.PieceBytesMax}.");
    }

    private void OpenPiece(ReadOnlySequence<byte> body, PipeWriter plain)
    {
        header.AsSpan(sizeof(ushort)).CopyTo(boxed);
        body.CopyTo(boxed.AsSpan(Sodium.BoxTagBytes));
        Open(boxed.AsSpan(0, Sodium.BoxTagBytes + pieceBytes), plain.GetSpan(pieceBytes)[..pieceBytes]);
        plain.Advance(pieceBytes);
        pieceBytes = HeaderIsNext;
    }

    private void Open(ReadOnlySpan<byte> box, Span<byte> message)
    {
        if (!Sodium.Unbox(box, nonce.Bytes, keys.DecryptKey, message))
            throw new IOException("A piece of the stream was not encrypted by the peer.");
        nonce.Advance();
    }
}
