using Flume.Muxrpc.Calls;
using Flume.Muxrpc.Packets;
using Flume.Query.Json;
using Flume.Replication.Blobs;
using Flume.Replication.Ebt;
using Flume.Replication.Invites;

namespace Flume.Replication.Peers;

/// <summary>
/// One connection of an identity to a peer. It selects EBT, or createHistoryStream as the fallback.
/// </summary>
/// <param name="identity">The identity's replication.</param>
/// <param name="remote">The peer's feed id.</param>
/// <param name="address">The peer's multiserver address.</param>
/// <param name="isClient">True if this side dialled.</param>
internal sealed class PeerSession(IdentityReplication identity, string remote, string address, bool isClient)
{
    private readonly TaskCompletionSource _ebtServed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _historyAsked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The peer's feed id.</summary>
    public string Remote => remote;

    /// <summary>The peer's multiserver address.</summary>
    public string Address => address;

    /// <summary>True if this side dialled.</summary>
    public bool IsClient => isClient;

    /// <summary>The replication protocol of the connection: ebt, legacy, or connecting.</summary>
    public string Mode { get; private set; } = "connecting";

    /// <summary>The pass of a peer that came with an invite code; null for others.</summary>
    public GuestPass? Guest { get; init; }

    /// <summary>The exchange of blobs on the connection; null before its start, and if it is off.</summary>
    public BlobSession? Blobs { get; private set; }

    /// <summary>True if the peer may open EBT.</summary>
    public bool OffersEbt => identity.Settings.Ebt;

    /// <summary>True if a feed's messages may be sent to the peer.</summary>
    public bool MayServe(string feed) => identity.MayServe(feed, remote);

    /// <summary>Records that the peer called createHistoryStream.</summary>
    public void OnHistoryAsked() => _historyAsked.TrySetResult();

    /// <summary>Runs an EBT stream that the peer opened.</summary>
    public Task ServeEbtAsync(DuplexStream stream, CancellationToken cancel)
    {
        _ebtServed.TrySetResult();
        Mode = "ebt";
        return new EbtSession(identity, remote, stream, isClient: false).RunAsync(cancel);
    }

    /// <summary>Replicates over a connection until it ends.</summary>
    public async Task RunAsync(MuxrpcConnection connection)
    {
        if (Guest is not null && !await IsAdmittedAsync(connection.Ended).ConfigureAwait(false)) return;
        if (identity.Blobs is { IsEnabled: true } exchange) Blobs = new BlobSession(exchange, remote, connection);
        Task blobs = Blobs?.RunAsync() ?? Task.CompletedTask;
        try
        {
            await ReplicateAsync(connection).ConfigureAwait(false);
        }
        finally
        {
            await blobs.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Blobs?.Close();
        }
    }

    /// <summary>Waits until a guest has used its code. False if the connection ended before.</summary>
    private async Task<bool> IsAdmittedAsync(CancellationToken ended)
    {
        await Guest!.Used.WaitAsync(ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return Guest.IsAdmitted;
    }

    private async Task ReplicateAsync(MuxrpcConnection connection)
    {
        CancellationToken ended = connection.Ended;
        try
        {
            Task ping = isClient ? PingAsync(connection, ended) : Task.CompletedTask;
            bool isEbt = isClient
                ? OffersEbt && await CallEbtAsync(connection, ended).ConfigureAwait(false)
                : await IsCalledAsync(ended).ConfigureAwait(false);
            if (!isEbt)
            {
                Mode = "legacy";
                await new LegacyReceiver(identity, connection, remote).RunAsync(ended).ConfigureAwait(false);
            }

            await ping.ConfigureAwait(false);
        }
        catch (Exception error) when (error is OperationCanceledException or RpcException or PacketException)
        {
            // The connection ended.
        }
    }

    /// <summary>Opens EBT and runs it. False if the peer has no EBT.</summary>
    private async Task<bool> CallEbtAsync(MuxrpcConnection connection, CancellationToken ended)
    {
        JsArray args = new JsArray().Add(JsValue.From(new JsObject()
            .Set("version", JsValue.From(3)).Set("format", JsValue.From("classic"))));
        DuplexStream stream = await connection.OpenAsync("duplex", "ebt.replicate", args, ended).ConfigureAwait(false);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(ended);
        EbtSession session = new(identity, remote, stream, isClient: true);
        Task run = session.RunAsync(stop.Token);
        try
        {
            await session.FirstNote.WaitAsync(2 * identity.Settings.FallBackAfter, ended).ConfigureAwait(false);
            Mode = "ebt";
            await run.ConfigureAwait(false);
            return true;
        }
        catch (Exception error) when (error is RpcException or PacketException or TimeoutException)
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return false;
        }
        finally
        {
            stream.StopReading();
            if (!ended.IsCancellationRequested) await stream.EndAsync(JsValue.True).ConfigureAwait(false);
        }
    }

    /// <summary>Waits for the peer to open EBT. False if it calls createHistoryStream, or neither.</summary>
    private async Task<bool> IsCalledAsync(CancellationToken ended)
    {
        Task first = await Task.WhenAny(
            _ebtServed.Task, _historyAsked.Task, Task.Delay(identity.Settings.FallBackAfter, ended))
            .ConfigureAwait(false);
        ended.ThrowIfCancellationRequested();
        return first == _ebtServed.Task;
    }

    private static async Task PingAsync(MuxrpcConnection connection, CancellationToken ended)
    {
        DuplexStream stream =
            await connection.OpenAsync("duplex", "gossip.ping", Ping.Arguments, ended).ConfigureAwait(false);
        try
        {
            await new Ping(TimeProvider.System).CallAsync(stream, ended).ConfigureAwait(false);
        }
        catch (Exception error) when (error is RpcException or PacketException)
        {
            // A peer without ping stays connected.
        }
        finally
        {
            stream.StopReading();
            if (!ended.IsCancellationRequested) await stream.EndAsync(JsValue.True).ConfigureAwait(false);
        }
    }
}
