using Flume.Muxrpc.Calls;
using Flume.Query.Json;

namespace Flume.Replication.Peers;

/// <summary>The methods that a peer can call: replication's own methods, then those of the API table.</summary>
internal sealed class PeerRpcService(PeerSession session, IRpcService table) : IRpcService
{
    private const int VersionSupported = 3;

    /// <inheritdoc/>
    public RpcInvocation Bind(RpcRequest request) => session.Guest?.Bind(request) ?? BindPeer(request);

    /// <inheritdoc/>
    public Flume.Ssb.Api.WriteLane LaneOf(RpcRequest request) =>
        session.Guest is null ? table.LaneOf(request) : Flume.Ssb.Api.WriteLane.None;

    /// <inheritdoc/>
    public JsValue ErrorOf(Exception error) => table.ErrorOf(error);

    private RpcInvocation BindPeer(RpcRequest request) => string.Join('.', request.Path()) switch
    {
        "ebt.replicate" or "ebt.replicateFormat" => BindEbt(request),
        "gossip.ping" or "conn.ping" when request.Type == "duplex" =>
            new() { Duplex = static (stream, cancel) => new Ping(TimeProvider.System).ServeAsync(stream, cancel) },
        "createHistoryStream" => BindHistory(request),
        "blobs.createWants" when request.Type == "source" && session.Blobs is { } blobs =>
            new() { Source = blobs.WantsAsync },
        _ => table.Bind(request),
    };

    private RpcInvocation BindEbt(RpcRequest request)
    {
        if (!session.OffersEbt) throw RpcRefusals.NotAllowed(request);
        if (request.Type != "duplex") throw RpcRefusals.NoSuchMethod(request);
        JsValue options = request.Args.At(0), format = options["format"];
        if (options["version"] is not { IsNumber: true, AsNumber: VersionSupported })
            throw new RpcException("expected ebt.replicate({version: 3})");
        if (!format.IsUndefined && !format.EqualsUtf8("classic"u8))
            throw new RpcException($"Unknown format: {JsCoercion.ToText(format)}");
        return new RpcInvocation { Duplex = session.ServeEbtAsync };
    }

    /// <summary>A peer that calls createHistoryStream has no EBT, so it gets createHistoryStream calls too.</summary>
    private RpcInvocation BindHistory(RpcRequest request)
    {
        JsValue id = request.Args.At(0)["id"];
        session.OnHistoryAsked();
        if (id.IsString && !session.MayServe(id.AsString)) return new RpcInvocation { Source = static _ => Nothing() };
        return table.Bind(request);
    }

    private static async IAsyncEnumerable<JsValue> Nothing()
    {
        await Task.CompletedTask.ConfigureAwait(false);
        yield break;
    }
}
