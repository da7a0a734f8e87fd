using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Flume.Query.Json;

namespace Flume.Muxrpc.Packets;

/// <summary>Writes packets to a connection for all of its calls and streams.</summary>
/// <remarks>
/// 1. A packet is written completely or not at all. One writer writes at a time, and a value that is not JSON writes
///    nothing.
/// 2. At most <see cref="FlushBytes"/> and one packet are buffered. If the peer does not read, all writers wait. That
///    slows the view's read, because muxrpc has no back-pressure of its own.
/// 3. After <see cref="CloseAsync"/> it writes nothing.
/// </remarks>
internal sealed class PacketWriter(PipeWriter output)
{
    private const int FlushBytes = 32 * 1024;
    private const int ScratchBytes = 4 * 1024;
    private const int ScratchBytesKept = 1024 * 1024;

    // From this size on, checking and copying a text is cheaper than serializing it again.
    private const int RawBytesMin = 16 * 1024;

    private readonly SemaphoreSlim _one = new(1);
    private ArrayBufferWriter<byte> _scratch = new(ScratchBytes);
    private int _unsent;
    private long _bytes;
    private bool _closed;

    /// <summary>The bytes of the written packets, headers included.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Sends a packet at once.</summary>
    /// <param name="header">The flags and the request number. The value determines kind and length.</param>
    /// <param name="value">The body. Undefined is sent as <c>false</c>, as JavaScript does.</param>
    /// <param name="cancel">Stops the wait for a slow peer.</param>
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

    /// <summary>Like <see cref="SendAsync"/>, but buffers small packets until <see cref="FlushAsync"/>.</summary>
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

    /// <summary>
    /// Like <see cref="WriteAsync(PacketHeader, JsValue, CancellationToken)"/>, for a value that is already JSON
    /// text.
    /// </summary>
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

    /// <summary>
    /// Writes bytes. It sends no packet for empty bytes, because a packet without a body means goodbye.
    /// </summary>
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

    /// <summary>Sends the buffered packets.</summary>
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

    /// <summary>Sends a goodbye. Nothing is sent after it.</summary>
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

    /// <summary>
    /// True if the text can be sent unchanged. A parsed value can contain parts that were never checked.
    /// </summary>
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
        Volatile.Write(ref _bytes, _bytes + PacketHeader.Size + body.Length);
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
