using System.IO.Pipelines;
using Flume.Host.Muxrpc.Packets;
using Flume.Log;
using Flume.Query.Json;
using Flume.Ssb.Api;

namespace Flume.Host.Muxrpc.Calls;

/// <summary>Serves one peer over one connection: reads its packets, and answers them.</summary>
/// <remarks>
/// 1. Whatever a peer does ends its connection at worst. 2. At the end, whoever asked for it, all work of the
/// connection has stopped, then we say goodbye. 3. Calls and streams beyond the limits are refused one by one; a peer
/// that goes on opening streams then loses the connection.
/// </remarks>
internal sealed class MuxrpcConnection : IDisposable
{
    private static readonly TimeSpan GoodbyeWithin = TimeSpan.FromSeconds(2);

    private readonly MethodBook methods;
    private readonly PacketReader reader;
    private readonly PacketWriter writer;
    private readonly RpcSession session;
    private readonly CancellationTokenSource ends;
    private int callCount;

    /// <summary>A connection that is not read yet.</summary>
    /// <param name="pipe">The plain bytes of the connection; the caller closes it.</param>
    /// <param name="caller">Who is at its other end.</param>
    /// <param name="methods">What can be called.</param>
    /// <param name="limits">What it may take.</param>
    public MuxrpcConnection(IDuplexPipe pipe, Caller caller, MethodBook methods, RpcLimits limits)
    {
        this.methods = methods;
        reader = new PacketReader(pipe.Input, limits.BodyBytesMax, limits.LargeBodies);
        writer = new PacketWriter(pipe.Output);
        ends = new CancellationTokenSource();
        session = new RpcSession(writer, caller, limits, ends.Token);
    }

    /// <summary>
    /// Serves until the peer says goodbye, goes, breaks the protocol, or <paramref name="stop"/> is cancelled.
    /// </summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using CancellationTokenRegistration stopped = stop.UnsafeRegister(
            static ends => ((CancellationTokenSource)ends!).Cancel(), ends);
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
            // Stopped, or the peer is gone without a goodbye.
        }
        finally
        {
            await CloseAsync().ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => ends.Dispose();

    private async Task ReadAllAsync(CancellationToken stop)
    {
        while (true)
        {
            Packet packet = await reader.ReadAsync(stop).ConfigureAwait(false);
            PacketHeader header = packet.Header;
            if (header.IsGoodbye) return;

            // Answers (below 0) are to questions that we never asked, and 0 is to nobody.
            if (header.Request <= 0) continue;
            if (header.IsStream) await TakeStreamAsync(packet, stop).ConfigureAwait(false);
            else await TakeCallAsync(packet, stop).ConfigureAwait(false);
        }
    }

    private async ValueTask TakeCallAsync(Packet packet, CancellationToken stop)
    {
        JsValue body = packet.ReadValue();
        int request = packet.Header.Request;
        if (Volatile.Read(ref callCount) < session.Limits.CallsMax)
        {
            Interlocked.Increment(ref callCount);
            WriteLane lane = LaneOf(body);
            if (lane == WriteLane.None) session.Start(() => AnswerAsync(request, body));
            else session.StartWrite(lane, () => AnswerAsync(request, body));
            return;
        }

        ApiException tooMany = ApiException.Error(
            $"{session.Limits.CallsMax} calls of this connection wait for their answers, and no more may. Try again.");
        await SendErrorAsync(request, tooMany, stop).ConfigureAwait(false);
    }

    /// <summary>Of a call that is refused: none.</summary>
    private WriteLane LaneOf(JsValue body)
    {
        try
        {
            return methods.Find(RpcRequest.OfCall(body), session.Caller).Lane;
        }
        catch (ApiException)
        {
            return WriteLane.None;
        }
    }

    private async Task AnswerAsync(int request, JsValue body)
    {
        try
        {
            RpcRequest asked = RpcRequest.OfCall(body);
            ApiMethod method = methods.Find(asked, session.Caller);
            JsValue answer = await method.Call!(new ApiCall(session.Caller.Identity, asked.Args, session.Ended));
            PacketHeader header = new(IsStream: false, IsEnd: false, default, 0, -request);
            await writer.SendAsync(header, answer, session.Ended);
        }
        catch (Exception error) when (!session.Ended.IsCancellationRequested)
        {
            await SendErrorAsync(request, error, session.Ended);
        }
        finally
        {
            Interlocked.Decrement(ref callCount);
        }
    }

    private async ValueTask TakeStreamAsync(Packet packet, CancellationToken stop)
    {
        if (session.Find(packet.Header.Request) is { } stream)
        {
            await stream.ReceiveAsync(packet).ConfigureAwait(false);
            return;
        }

        // The end of a stream that is over on both sides, or never was.
        if (packet.Header.IsEnd) return;
        await OpenAsync(packet.Header.Request, packet.ReadValue(), stop).ConfigureAwait(false);
    }

    private async ValueTask OpenAsync(int request, JsValue body, CancellationToken stop)
    {
        int max = session.Limits.StreamsMax;
        if (session.StreamCount >= 2 * max)
        {
            throw new PacketException(
                request, $"it opens one more of {2 * max} streams, of which only {max} are allowed.");
        }

        try
        {
            if (session.StreamCount >= max) throw ApiException.Error(
                $"{max} streams are open on this connection, and no more may be. End some first.");
            RpcRequest asked = RpcRequest.OfStream(body);
            StartStream(request, methods.Find(asked, session.Caller), asked.Args);
        }
        catch (ApiException error)
        {
            RefusedStream refused = new(request, session);
            session.Keep(refused);
            await refused.EndAsync(session.ErrorOf(error)).ConfigureAwait(false);
        }
    }

    private void StartStream(int request, ApiMethod method, JsArray args)
    {
        ApiCall call = new(session.Caller.Identity, args, session.Ended) 
        {
            HeadAtStart = Head(session.Caller.Identity), BeforeLive = session.WritesAnsweredAsync,
        };
        switch (method)
        {
            case { Open: { } open }:
                SourceStream<JsValue> values =
                    new(request, session, cancel => open(call with { Cancelled = cancel }), writer.WriteAsync);
                Start(values, values.RunAsync);
                break;
            case { OpenBytes: { } openBytes }:
                SourceStream<ReadOnlyMemory<byte>> buffers =
                    new(request, session, cancel => openBytes(call with { Cancelled = cancel }), writer.WriteAsync);
                Start(buffers, buffers.RunAsync);
                break;
            case { Accept: { } accept }:
                SinkStream<JsValue> sink = new(request, session, items => accept(call, items), SinkItem.Value);
                Start(sink, sink.RunAsync);
                break;
            default:
                SinkStream<ReadOnlyMemory<byte>> bytes =
                    new(request, session, items => method.AcceptBytes!(call, items), SinkItem.Bytes);
                Start(bytes, bytes.RunAsync);
                break;
        }
    }

    /// <summary>The head now, before later packets are read; null while the log is closed, when nobody appends either.</summary>
    private static Offset? Head(IIdentity identity)
    {
        try
        {
            return identity.Log.Head;
        }
        catch (IdentityRejectedException)
        {
            return null;
        }
    }

    private void Start(RpcStream stream, Func<Task> run)
    {
        session.Keep(stream);
        session.Start(run);
    }

    private ValueTask SendErrorAsync(int request, Exception error, CancellationToken cancel) => writer.SendAsync(
        new PacketHeader(IsStream: false, IsEnd: true, default, 0, -request), session.ErrorOf(error), cancel);

    /// <summary>Tells the peer what it did wrong, as the error of the request that it did it with.</summary>
    private async Task RefuseAsync(PacketException error, CancellationToken stop)
    {
        if (error.Request <= 0) return;
        try
        {
            bool isStream = session.Find(error.Request) is not null;
            PacketHeader header = new(isStream, IsEnd: true, default, 0, -error.Request);
            await writer.SendAsync(header, session.ErrorOf(error), stop).AsTask().WaitAsync(GoodbyeWithin, stop)
                .ConfigureAwait(false);
        }
        catch (Exception gone) when (gone is OperationCanceledException or TimeoutException or IOException)
        {
            // It does not listen any more.
        }
    }

    private async Task CloseAsync()
    {
        await ends.CancelAsync().ConfigureAwait(false);
        await session.IdleAsync().ConfigureAwait(false);
        using CancellationTokenSource patience = new(GoodbyeWithin);
        try
        {
            await writer.CloseAsync(patience.Token).ConfigureAwait(false);
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException)
        {
            // It does not listen any more.
        }
    }
}
