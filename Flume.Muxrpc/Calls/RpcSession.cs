using System.Collections.Concurrent;
using Flume.Muxrpc.Packets;
using Flume.Query.Json;
using Flume.Ssb.Api;

namespace Flume.Muxrpc.Calls;

/// <summary>The shared state of the calls and streams of one connection.</summary>
/// <remarks>
/// 1. Work runs on the connection's own scheduler. It uses at most one thread per core and often returns them. So the
///    load of one peer does not block other connections.
/// 2. Only the read loop starts work, so no work starts after the read loop has ended.
/// </remarks>
internal sealed class RpcSession(PacketWriter writer, IRpcService service, RpcLimits limits, CancellationToken ended)
{
    private const int TasksPerTurn = 16;
    private const string ParentEnded = "unexpected end of parent stream";

    private readonly ConcurrentDictionary<int, RpcStream> _streams = new();
    private readonly InFlightTracker _work = new();
    private readonly TaskScheduler _turns = new ConcurrentExclusiveSchedulerPair(
        TaskScheduler.Default, Environment.ProcessorCount, TasksPerTurn).ConcurrentScheduler;

    private WriteOrder? _writes;
    private int _streamCount;

    /// <summary>Writes the packets.</summary>
    public PacketWriter Writer { get; } = writer;

    /// <summary>Answers the peer's requests.</summary>
    public IRpcService Service { get; } = service;

    /// <summary>The limits of the connection.</summary>
    public RpcLimits Limits { get; } = limits;

    /// <summary>Cancelled when the connection ends for any reason.</summary>
    public CancellationToken Ended { get; } = ended;

    /// <summary>The number of streams that are open on at least one side.</summary>
    public int StreamCount => Volatile.Read(ref _streamCount);

    /// <summary>The stream with the number that the peer's packets use.</summary>
    public RpcStream? Find(int request) => _streams.GetValueOrDefault(request);

    /// <summary>Adds a new stream.</summary>
    public void Keep(RpcStream stream)
    {
        if (_streams.TryAdd(stream.Request, stream)) Interlocked.Increment(ref _streamCount);
    }

    /// <summary>Adds a stream of this side and sends its request.</summary>
    public async Task<DuplexStream> OpenAsync(DuplexStream stream, JsValue request, CancellationToken cancel)
    {
        Keep(stream);
        try
        {
            PacketHeader header = new(IsStream: true, IsEnd: false, default, 0, -stream.Request);
            await Writer.SendAsync(header, request, cancel).ConfigureAwait(false);
            return stream;
        }
        catch
        {
            Forget(stream);
            throw;
        }
    }

    /// <summary>Removes a stream that both sides have ended.</summary>
    public void Forget(RpcStream stream)
    {
        if (_streams.TryRemove(stream.Request, out _)) Interlocked.Decrement(ref _streamCount);
    }

    /// <summary>Runs work until it or the connection ends.</summary>
    public void Start(Func<Task> run)
    {
        _work.Begin();
        _ = Task.Factory.StartNew(
            () => RunAsync(run), CancellationToken.None, TaskCreationOptions.DenyChildAttach, _turns);
    }

    /// <summary>Runs a writing call after the earlier ones have begun.</summary>
    public void StartWrite(WriteLane lane, Func<Task> run)
    {
        _work.Begin();
        Writes.Start(lane, () => RunAsync(run));
    }

    /// <summary>Completes when all earlier writes are answered, or the connection has ended.</summary>
    public Task WritesAnsweredAsync() => Writes.AnsweredAsync();

    /// <summary>Completes when all work has ended.</summary>
    public Task IdleAsync() => _work.CloseAsync();

    /// <summary>The error object for the peer.</summary>
    public JsValue ErrorOf(Exception error) => error switch
    {
        RpcException rpc => ErrorObject(rpc.ErrorName, rpc.Message),
        PacketException => ErrorObject("Error", error.Message),
        PeerGoneException => ErrorObject("Error", ParentEnded),
        OperationCanceledException when Ended.IsCancellationRequested => ErrorObject("Error", ParentEnded),
        _ => Service.ErrorOf(error),
    };

    private static JsValue ErrorObject(string name, string message) => JsValue.From(new JsObject()
        .Set("message", JsValue.From(message))
        .Set("name", JsValue.From(name))
        .Set("stack", JsValue.From($"{name}: {message}")));

    private WriteOrder Writes => LazyInitializer.EnsureInitialized(ref _writes, () => new WriteOrder(_turns))!;

    private async Task RunAsync(Func<Task> run)
    {
        try
        {
            await run();
        }
        catch (Exception error)
        {
            // Only a send can have failed, so the peer has disconnected. The read loop handles that.
            _ = error;
        }
        finally
        {
            _work.End();
        }
    }
}
