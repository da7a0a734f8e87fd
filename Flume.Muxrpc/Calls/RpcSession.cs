using System.Collections.Concurrent;
using Flume.Muxrpc.Packets;
using Flume.Query.Json;
using Flume.Ssb.Api;

namespace Flume.Muxrpc.Calls;

/// <summary>What the calls and streams of one connection share.</summary>
/// <remarks>
/// 1. Work runs on the connection's own scheduler, which takes at most as many threads as there are cores and hands
/// them back often: however much one peer asks for, others have their turn.
/// 2. Work begins in the read loop alone, so nothing begins once that has ended.
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

    /// <summary>Where packets go.</summary>
    public PacketWriter Writer { get; } = writer;

    /// <summary>What answers the peer.</summary>
    public IRpcService Service { get; } = service;

    /// <summary>What the connection may take.</summary>
    public RpcLimits Limits { get; } = limits;

    /// <summary>Cancelled when the connection ends, for whatever reason.</summary>
    public CancellationToken Ended { get; } = ended;

    /// <summary>Streams that one side or both have not ended.</summary>
    public int StreamCount => Volatile.Read(ref _streamCount);

    /// <summary>The stream that the peer's packets name so.</summary>
    public RpcStream? Find(int request) => _streams.GetValueOrDefault(request);

    /// <summary>Keeps a new stream.</summary>
    public void Keep(RpcStream stream)
    {
        if (_streams.TryAdd(stream.Request, stream)) Interlocked.Increment(ref _streamCount);
    }

    /// <summary>Both sides have ended a stream.</summary>
    public void Forget(RpcStream stream)
    {
        if (_streams.TryRemove(stream.Request, out _)) Interlocked.Decrement(ref _streamCount);
    }

    /// <summary>Runs work until it ends or the connection does.</summary>
    public void Start(Func<Task> run)
    {
        _work.Begin();
        _ = Task.Factory.StartNew(
            () => RunAsync(run), CancellationToken.None, TaskCreationOptions.DenyChildAttach, _turns);
    }

    /// <summary>Runs a call that writes when those before it have their place.</summary>
    public void StartWrite(WriteLane lane, Func<Task> run)
    {
        _work.Begin();
        Writes.Start(lane, () => RunAsync(run));
    }

    /// <summary>Completes when the writes that came so far are answered, or the connection has ended.</summary>
    public Task WritesAnsweredAsync() => Writes.AnsweredAsync();

    /// <summary>Completes when all work has ended.</summary>
    public Task IdleAsync() => _work.CloseAsync();

    /// <summary>The object that tells the peer of an error.</summary>
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
            // Only sending can have failed, and that means that the peer is gone: the read loop sees to the rest.
            _ = error;
        }
        finally
        {
            _work.End();
        }
    }
}
