using Flume.Host.Metrics;
using Flume.Log;
using Flume.Log.Primitives;
using Flume.Muxrpc.Calls;
using Flume.Query.Json;
using Flume.Ssb.Api;

namespace Flume.Host.Muxrpc;

/// <summary>Binds the API table to one connection.</summary>
internal sealed class ApiRpcService(Caller caller, MethodResolver methods) : IRpcService
{
    /// <inheritdoc/>
    public RpcInvocation Bind(RpcRequest request)
    {
        ApiMethod method = methods.Find(request, caller);
        ApiCall call = new(caller.Identity, request.Args, default);
        if (request.Type != "async")
            call = call with { HeadAtStart = Head(caller.Identity), BeforeLive = request.WritesAnswered };
        return method switch
        {
            { Call: { } run } => new()
            {
                Call = cancel => MuxrpcMetrics.MeasureAsync(method.Name, () => run(call with { Cancelled = cancel })),
            },
            { Open: { } open } => new()
            {
                Source = cancel =>
                {
                    MuxrpcMetrics.Stream(method.Name);
                    return open(call with { Cancelled = cancel });
                },
            },
            { OpenBytes: { } open } => new() { BytesSource = cancel => open(call with { Cancelled = cancel }) },
            { Accept: { } accept } =>
                new() { Sink = (items, cancel) => accept(call with { Cancelled = cancel }, items) },
            _ => new() { BytesSink = (items, cancel) => method.AcceptBytes!(call with { Cancelled = cancel }, items) },
        };
    }

    /// <inheritdoc/>
    public WriteLane LaneOf(RpcRequest request) => methods.Find(request, caller).Lane;

    /// <inheritdoc/>
    public JsValue ErrorOf(Exception error)
    {
        if (ApiRpcError.IsUnexpected(error)) RepeatedNotes.OfProcess.Failed("a muxrpc call", error);
        return ApiRpcError.From(error, caller);
    }

    /// <summary>The head now, before later packets are read; null while the log is closed.</summary>
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
}
