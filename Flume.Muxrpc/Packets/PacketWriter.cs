using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Flume.Query.Json;

namespace Flume.Muxrpc.Packets;

/// <summary>Puts packets on a connection, for all of its calls and streams.</summary>
/// <remarks>
/// 1. A packet is written whole or not at all: one writer at a time, and a value that turns out to be no JSON leaves
/// nothing. 2. At most <see cref="FlushBytes"/> and one packet wait unsent. When the peer does not read, every writer
/// waits: that is the back-pressure down to the view's read, since muxrpc itself has none.
/// 3. After <see cref="CloseAsync"/> nothing is written any more.
/// </remarks>
internal sealed class PacketWriter(PipeWriter output)
{
    private const int FlushBytes = 32 * 1024;
    private const int ScratchBytes = 4 * 1024;
    private const int ScratchBytesKept = 1024 * 1024;

    // From here on checking a text and copying it is cheaper than writing it anew.
    private const int RawBytesMin = 16 * 1024;

    private readonly SemaphoreSlim _one = new(1);
    private ArrayBufferWriter<byte> _scratch = new(ScratchBytes);
    private int _unsent;
    private bool _closed;

    /// <summary>Sends a packet without delay.</summary>
    /// <param name="header">Its flags and request; kind and length are the value's own.</param>
    /// <param name="value">The body; undefined goes as <c>false</c>, as JavaScript sends it.</param>
    /// <param name="cancel">Ends waiting for a slow peer.</param>
    public async ValueTask SendAsync(PacketHeader header, JsValue value, CancellationToken cancel)
    {
        await _one.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            Put(header, value);
            await FlushHeldAsync(cancel).ConfigureAwait(false);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>
    /// As <see cref="SendAsync"/>, but leaves small packets for <see cref="FlushAsync"/> to send together.
    /// </summary>
    public async ValueTask WriteAsync(PacketHeader header, JsValue value, CancellationToken cancel)
    {
        await _one.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            Put(header, value);
            if (_unsent >= FlushBytes) await FlushHeldAsync(cancel).ConfigureAwait(false);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>As the other, for a value that is the text of one JSON value already.</summary>
    public async ValueTask WriteJsonAsync(PacketHeader header, ReadOnlyMemory<byte> json, CancellationToken cancel)
    {
        await _one.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            Put(header with { Kind = BodyKind.Json }, json.Span);
            if (_unsent >= FlushBytes) await FlushHeldAsync(cancel).ConfigureAwait(false);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>As the other, for bytes; none at all are not sent, because no body means goodbye.</summary>
    public async ValueTask WriteAsync(PacketHeader header, ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        if (bytes.IsEmpty) return;
        await _one.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            Put(header with { Kind = BodyKind.Bytes }, bytes.Span);
            if (_unsent >= FlushBytes) await FlushHeldAsync(cancel).ConfigureAwait(false);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Sends what waits.</summary>
    public async ValueTask FlushAsync(CancellationToken cancel)
    {
        await _one.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            if (_unsent > 0) await FlushHeldAsync(cancel).ConfigureAwait(false);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Says goodbye, and nothing after it.</summary>
    public async ValueTask CloseAsync(CancellationToken cancel)
    {
        await _one.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            PutHeader(PacketHeader.Goodbye);
            _closed = true;
            await output.FlushAsync(cancel).ConfigureAwait(false);
        }
        finally
        {
            _one.Release();
        }
    }

    private void Put(PacketHeader header, JsValue value)
    {
        if ((value.IsObject || value.IsArray) && value.TryGetRaw(out ReadOnlyMemory<byte> raw)
            && raw.Length >= RawBytesMin && IsJson(raw))
        {
            Put(header with { Kind = BodyKind.Json }, raw.Span);
            return;
        }

        _scratch.ResetWrittenCount();
        bool isText = value.IsString && value.IsTruthy;
        if (isText) Encoding.UTF8.GetBytes(value.AsString, _scratch);
        else if (value.IsUndefined) _scratch.Write("false"u8);
        else value.WriteTo(_scratch);
        Put(header with { Kind = isText ? BodyKind.Text : BodyKind.Json }, _scratch.WrittenSpan);
        if (_scratch.Capacity > ScratchBytesKept) _scratch = new ArrayBufferWriter<byte>(ScratchBytes);
    }

    /// <summary>Whether the text may go out as it stands: a parsed value may hold anything that nobody has read.</summary>
    private static bool IsJson(ReadOnlyMemory<byte> text)
    {
        try
        {
            JsValue.ParseWhole(text);
            return true;
        }
        catch (JsSyntaxException)
        {
            return false;
        }
    }

    private void Put(PacketHeader header, ReadOnlySpan<byte> body)
    {
        if (_closed) return;
        PutHeader(header with { Length = (uint)body.Length });
        output.Write(body);
        _unsent += PacketHeader.Size + body.Length;
    }

    private void PutHeader(PacketHeader header)
    {
        header.Write(output.GetSpan(PacketHeader.Size));
        output.Advance(PacketHeader.Size);
    }

    private async ValueTask FlushHeldAsync(CancellationToken cancel)
    {
        if (_closed) return;
        _unsent = 0;
        FlushResult result = await output.FlushAsync(cancel).ConfigureAwait(false);
        if (result.IsCompleted) throw new PeerGoneException();
    }
}
