using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Flume.Ssb.Crypto;

namespace Flume.Muxrpc.Handshake;

/// <summary>Decrypts one direction of a connection (docs/spec 6.4).</summary>
/// <remarks>
/// Only bytes with a valid tag are passed on. Bytes that the peer did not encrypt end the connection.
/// </remarks>
/// <param name="keys">The session's keys.</param>
/// <param name="askForRest">Called when only a part of a header or piece was received; null if not needed.</param>
internal sealed class BoxReader(SessionKeys keys, Action? askForRest = null)
{
    private const int HeaderIsNext = -1;

    private readonly BoxNonce _nonce = new(keys.DecryptNonce);
    private readonly byte[] _header = new byte[BoxWriter.HeaderPlainBytes];
    private readonly byte[] _boxed = new byte[Sodium.BoxTagBytes + BoxWriter.PieceBytesMax];
    private int _pieceBytes = HeaderIsNext;

    /// <summary>
    /// Decrypts until the peer ends its stream, or the reader of <paramref name="plain"/> completes.
    /// </summary>
    /// <exception cref="IOException">The tag of a piece is invalid, or the connection was cut.</exception>
    public async Task RunAsync(PipeReader input, PipeWriter plain, CancellationToken cancel)
    {
        while (true)
        {
            ReadResult read = await input.ReadAsync(cancel).ConfigureAwait(false);
            ReadOnlySequence<byte> rest = read.Buffer;
            bool hasEnded = OpenAll(ref rest, plain);
            if (_pieceBytes != HeaderIsNext || !rest.IsEmpty) askForRest?.Invoke();
            input.AdvanceTo(rest.Start, read.Buffer.End);
            FlushResult flushed = await plain.FlushAsync(cancel).ConfigureAwait(false);
            if (hasEnded || flushed.IsCompleted) return;
            if (read.IsCompleted) throw new IOException("The connection was cut before the peer ended its stream.");
        }
    }

    /// <summary>Decrypts every complete header and piece. True at the end of the stream.</summary>
    private bool OpenAll(ref ReadOnlySequence<byte> rest, PipeWriter plain)
    {
        while (true)
        {
            int needed = _pieceBytes == HeaderIsNext ? BoxWriter.HeaderBytes : _pieceBytes;
            if (rest.Length < needed) return false;
            ReadOnlySequence<byte> next = rest.Slice(0, needed);
            rest = rest.Slice(needed);
            if (_pieceBytes != HeaderIsNext) OpenPiece(next, plain);
            else if (!OpenHeader(next)) return true;
        }
    }

    private bool OpenHeader(ReadOnlySequence<byte> box)
    {
        Span<byte> bytes = _boxed.AsSpan(0, BoxWriter.HeaderBytes);
        box.CopyTo(bytes);
        Open(bytes, _header);
        if (_header.AsSpan().IndexOfAnyExcept((byte)0) < 0) return false;
        _pieceBytes = BinaryPrimitives.ReadUInt16BigEndian(_header);
        return _pieceBytes is > 0 and <= BoxWriter.PieceBytesMax ? true : throw new IOException(
            $"The peer sent a piece of {_pieceBytes} bytes; a box-stream has 1 to {BoxWriter.PieceBytesMax}.");
    }

    private void OpenPiece(ReadOnlySequence<byte> body, PipeWriter plain)
    {
        _header.AsSpan(sizeof(ushort)).CopyTo(_boxed);
        body.CopyTo(_boxed.AsSpan(Sodium.BoxTagBytes));
        Open(_boxed.AsSpan(0, Sodium.BoxTagBytes + _pieceBytes), plain.GetSpan(_pieceBytes)[.._pieceBytes]);
        plain.Advance(_pieceBytes);
        _pieceBytes = HeaderIsNext;
    }

    private void Open(ReadOnlySpan<byte> box, Span<byte> message)
    {
        if (!Sodium.Unbox(box, _nonce.Bytes, keys.DecryptKey, message))
            throw new IOException("A piece of the stream has an invalid tag: the peer did not encrypt it.");
        _nonce.Advance();
    }
}
