using System.IO.Pipelines;
using Flume.Muxrpc.Packets;
using Flume.Query.Json;
using Flume.Ssb.Api;

namespace Flume.Muxrpc.Calls;

/// <summary>One connection to one peer. It answers the peer's calls and calls the peer.</summary>
/// <remarks>
/// 1. An error of the peer ends at most its own connection.
/// 2. Both sides can end the connection. First all its work stops, then this side sends a goodbye.
/// 3. Calls and streams above the limits are refused individually. A peer that opens more streams then loses the
///    connection.
/// </remarks>
internal sealed class MuxrpcConnection : IDisposable
{
    private static readonly TimeSpan GoodbyeWithin = TimeSpan.FromSeconds(2);

    private readonly PacketReader _reader;
    private readonly PacketWriter _writer;
    private readonly RpcSession _session;
    private readonly CancellationTokenSource _ends;
    private readonly PendingCalls _pending = new();
    private int _callCount;
    private int _lastRequest;

    /// <summary>Creates a connection without reading from it.</summary>
    /// <param name="pipe">The plain bytes of the connection. The caller closes it.</param>
    /// <param name="service">The methods that the peer can call.</param>
    /// <param name="limits">The limits of the connection.</param>
    public MuxrpcConnection(IDuplexPipe pipe, IRpcService service, RpcLimits limits)
    {
        _reader = new PacketReader(pipe.Input, limits.BodyBytesMax, limits.LargeBodies);
        _writer = new PacketWriter(pipe.Output);
        _ends = new CancellationTokenSource();
        _session = new RpcSession(_writer, service, limits, _ends.Token);
    }

    /// <summary>
    /// Serves until the peer says goodbye, disconnects or breaks the protocol, or <paramref name="stop"/> is
    /// cancelled.
    /// </summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using CancellationTokenRegistration stopped = stop.UnsafeRegister(
            static ends => ((CancellationTokenSource)ends!).Cancel(), _ends);
        try
        {
            await ReadAllAsync(stop).ConfigureAwait(false);
        }
        catch (PacketException error)
        {
            await RefuseAsync(error, stop).ConfigureAwait(false);
        }
        catch (Exception error) when (error is OperationCanceledException or IOException)
        {
            // The connection was stopped, or the peer disconnected without a goodbye.
        }
        finally
        {
            await CloseAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Cancelled when the connection has ended.</summary>
    public CancellationToken Ended => _session.Ended;

    /// <summary>The bytes of the packets that were received.</summary>
    public long BytesReceived => _reader.Bytes;

    /// <summary>The bytes of the packets that were sent.</summary>
    public long BytesSent => _writer.Bytes;

    /// <summary>Calls an async method of the peer.</summary>
    /// <exception cref="RpcException">The peer answered with an error.</exception>
    /// <exception cref="OperationCanceledException">The connection ended.</exception>
    public async Task<JsValue> CallAsync(string name, JsArray args, CancellationToken cancel)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancel, _session.Ended);
        int request = Interlocked.Increment(ref _lastRequest);
        Task<JsValue> answer = _pending.Add(request);
        try
        {
            PacketHeader header = new(IsStream: false, IsEnd: false, default, 0, request);
            JsValue body = RpcRequest.ToValue(name, "async", args);
            await _writer.SendAsync(header, body, either.Token).ConfigureAwait(false);
            return await answer.WaitAsync(either.Token).ConfigureAwait(false);
        }
        finally
        {
            _pending.Remove(request);
        }
    }

    /// <summary>Opens a stream to the peer. The caller reads, writes and ends it.</summary>
    /// <param name="type">source, sink or duplex.</param>
    /// <param name="name">The method's name with its parts joined by dots.</param>
    /// <param name="args">The arguments.</param>
    /// <param name="cancel">Stops the wait for a slow peer.</param>
    public Task<DuplexStream> OpenAsync(string type, string name, JsArray args, CancellationToken cancel) =>
        _session.OpenAsync(
            new DuplexStream(-Interlocked.Increment(ref _lastRequest), _session),
            RpcRequest.ToValue(name, type, args), cancel);

    /// <summary>Opens a source of bytes. Few pieces wait, because they are large.</summary>
    public Task<DuplexStream> OpenBytesAsync(string name, JsArray args, CancellationToken cancel) =>
        _session.OpenAsync(
            new DuplexStream(-Interlocked.Increment(ref _lastRequest), _session, DuplexStream.PiecesWaitingMax),
            RpcRequest.ToValue(name, "source", args), cancel);

    /// <inheritdoc/>
    public void Dispose() => _ends.Dispose();

    private async Task ReadAllAsync(CancellationToken stop)
    {
        while (true)
        {
            Packet packet = await _reader.ReadAsync(stop).ConfigureAwait(false);
            PacketHeader header = packet.Header;
            if (header.IsGoodbye) return;

            // Some peers end a stream with a packet without the stream bit, so open streams are searched first.
            if (_session.Find(header.Request) is { } stream) await stream.ReceiveAsync(packet).ConfigureAwait(false);
            else if (header.Request < 0) _pending.TryAnswer(-header.Request, packet);
            else if (header.Request > 0) await TakeRequestAsync(packet, stop).ConfigureAwait(false);
        }
    }

    private ValueTask TakeRequestAsync(Packet packet, CancellationToken stop)
    {
        // This is the end of a finished or unknown stream, or the empty last item of some streams.
        if (packet.Header.IsEnd || packet.Body.IsEmpty) return default;
        return packet.Header.IsStream
            ? OpenAsync(packet.Header.Request, packet.ReadValue(), stop)
            : TakeCallAsync(packet, stop);
    }

    private async ValueTask TakeCallAsync(Packet packet, CancellationToken stop)
    {
        JsValue body = packet.ReadValue();
        int request = packet.Header.Request;
        if (Volatile.Read(ref _callCount) < _session.Limits.CallsMax)
        {
            Interlocked.Increment(ref _callCount);
            WriteLane lane = LaneOf(body);
            if (lane == WriteLane.None) _session.Start(() => AnswerAsync(request, body));
            else _session.StartWrite(lane, () => AnswerAsync(request, body));
            return;
        }

        RpcException tooMany = new RpcException(
            $"{_session.Limits.CallsMax} calls of this connection wait for answers, which is the maximum. Try again.");
        await SendErrorAsync(request, tooMany, stop).ConfigureAwait(false);
    }

    /// <summary>The write lane of a call; none for a refused call.</summary>
    private WriteLane LaneOf(JsValue body)
    {
        try
        {
            return _session.Service.LaneOf(RpcRequest.OfCall(body));
        }
        catch (RpcException)
        {
            return WriteLane.None;
        }
    }

    private async Task AnswerAsync(int request, JsValue body)
    {
        try
        {
            RpcRequest asked = RpcRequest.OfCall(body);
            JsValue answer = await _session.Service.Bind(asked).Call!(_session.Ended);
            PacketHeader header = new(IsStream: false, IsEnd: false, default, 0, -request);
            await _writer.SendAsync(header, answer, _session.Ended);
        }
        catch (Exception error) when (!_session.Ended.IsCancellationRequested)
        {
            await SendErrorAsync(request, error, _session.Ended);
        }
        finally
        {
            Interlocked.Decrement(ref _callCount);
        }
    }

    private async ValueTask OpenAsync(int request, JsValue body, CancellationToken stop)
    {
        int max = _session.Limits.StreamsMax;
        if (_session.StreamCount >= 2 * max)
        {
            throw new PacketException(
                request, $"it opens one more of {2 * max} streams, of which only {max} are allowed.");
        }

        try
        {
            if (_session.StreamCount >= max) throw new RpcException(
                $"{max} streams are open on this connection, which is the maximum. End some first.");
            RpcRequest asked = RpcRequest.OfStream(body) with { WritesAnswered = _session.WritesAnsweredAsync };
            StartStream(request, _session.Service.Bind(asked));
        }
        catch (RpcException error)
        {
            RefusedStream refused = new(request, _session);
            _session.Keep(refused);
            await refused.EndAsync(_session.ErrorOf(error)).ConfigureAwait(false);
        }
    }

    private void StartStream(int request, RpcInvocation bound)
    {
        switch (bound)
        {
            case { Source: { } open }:
                SourceStream<JsValue> values = new(request, _session, open, _writer.WriteAsync);
                Start(values, values.RunAsync);
                break;
            case { BytesSource: { } open }:
                SourceStream<ReadOnlyMemory<byte>> buffers = new(request, _session, open, _writer.WriteAsync);
                Start(buffers, buffers.RunAsync);
                break;
            case { Sink: { } accept }:
                SinkStream<JsValue> sink = new(request, _session, accept, SinkItem.Value);
                Start(sink, sink.RunAsync);
                break;
            case { BytesSink: { } accept }:
                SinkStream<ReadOnlyMemory<byte>> bytes = new(request, _session, accept, SinkItem.Bytes);
                Start(bytes, bytes.RunAsync);
                break;
            default:
                DuplexStream duplex = new(request, _session);
                Start(duplex, () => RunAsync(duplex, bound.Duplex!));
                break;
        }
    }

    private async Task RunAsync(DuplexStream stream, Func<DuplexStream, CancellationToken, Task> run)
    {
        try
        {
            await run(stream, _session.Ended);
            await stream.EndAsync(JsValue.True);
        }
        catch (Exception error)
        {
            await stream.FailAsync(error);
        }
        finally
        {
            stream.StopReading();
        }
    }

    private void Start(RpcStream stream, Func<Task> run)
    {
        _session.Keep(stream);
        _session.Start(run);
    }

    private ValueTask SendErrorAsync(int request, Exception error, CancellationToken cancel) => _writer.SendAsync(
        new PacketHeader(IsStream: false, IsEnd: true, default, 0, -request), _session.ErrorOf(error), cancel);

    /// <summary>Sends a protocol error to the peer, as the error of the request that caused it.</summary>
    private async Task RefuseAsync(PacketException error, CancellationToken stop)
    {
        if (error.Request <= 0) return;
        try
        {
            bool isStream = _session.Find(error.Request) is not null;
            PacketHeader header = new(isStream, IsEnd: true, default, 0, -error.Request);
            await _writer.SendAsync(header, _session.ErrorOf(error), stop).AsTask().WaitAsync(GoodbyeWithin, stop)
                .ConfigureAwait(false);
        }
        catch (Exception gone) when (gone is OperationCanceledException or TimeoutException or IOException)
        {
            // The peer does not read any more.
        }
    }

    private async Task CloseAsync()
    {
        await _ends.CancelAsync().ConfigureAwait(false);
        await _session.IdleAsync().ConfigureAwait(false);
        using CancellationTokenSource patience = new(GoodbyeWithin);
        try
        {
            await _writer.CloseAsync(patience.Token).ConfigureAwait(false);
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException)
        {
            // The peer does not read any more.
        }
    }
}
