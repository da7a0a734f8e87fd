using Flume.Muxrpc.Calls;
using Flume.Muxrpc.Packets;
using Flume.Query.Json;
using Flume.Replication.Ebt;

namespace Flume.Replication.Peers;

/// <summary>
/// Requests each wanted feed, and each feed added later, by createHistoryStream from a peer without EBT.
/// </summary>
internal sealed class LegacyReceiver(IdentityReplication identity, MuxrpcConnection connection, string remote)
{
    private const int LooksBeforeReminder = 4;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<string, DuplexStream> _streams = new(StringComparer.Ordinal);

    /// <summary>Runs until cancelled, then ends its streams.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        using PeriodicTimer timer = new(LookEvery);
        int looks = 0;
        do
        {
            if (looks++ == LooksBeforeReminder) await RemindAsync(cancel).ConfigureAwait(false);
            foreach ((string feed, long sequence) in identity.Wanted())
            {
                if (_streams.ContainsKey(feed) || !identity.MayServe(feed, remote)) continue;
                DuplexStream stream = await connection
                    .OpenAsync("source", "createHistoryStream", Arguments(feed, sequence), cancel)
                    .ConfigureAwait(false);
                _streams[feed] = stream;
                _ = Task.Run(() => ReadAsync(stream, cancel), CancellationToken.None);
            }
        }
        while (await timer.WaitForNextTickAsync(cancel).ConfigureAwait(false));
    }

    /// <summary>Calls createHistoryStream once more, without a message.</summary>
    /// <remarks>
    /// npm ssb-replicate requests its feeds at the first such call. It misses calls that come before it listens.
    /// </remarks>
    private async Task RemindAsync(CancellationToken cancel)
    {
        JsArray nothing = new JsArray().Add(JsValue.From(new JsObject()
            .Set("id", JsValue.From(identity.Store.Self))
            .Set("limit", JsValue.From(0))
            .Set("keys", JsValue.False)));
        DuplexStream stream = await connection.OpenAsync("source", "createHistoryStream", nothing, cancel)
            .ConfigureAwait(false);
        _ = Task.Run(() => ReadAsync(stream, cancel), CancellationToken.None);
    }

    private static JsArray Arguments(string feed, long sequence) => new JsArray().Add(JsValue.From(new JsObject()
        .Set("id", JsValue.From(feed))
        .Set("seq", JsValue.From(sequence + 1))
        .Set("live", JsValue.True)
        .Set("keys", JsValue.False)));

    private async Task ReadAsync(DuplexStream stream, CancellationToken cancel)
    {
        try
        {
            await foreach (Packet packet in stream.ReadAllAsync(cancel).ConfigureAwait(false))
            {
                JsValue value = EbtPackets.Read(packet);
                if (value["value"].IsObject && value["key"].IsString) value = value["value"];
                if (EbtPackets.IsMessage(value))
                    await identity.ReceiveLegacyAsync(remote, value, cancel).ConfigureAwait(false);
            }
        }
        catch (Exception error) when (error is RpcException or PacketException or OperationCanceledException)
        {
            // The peer refuses the feed, or the connection ended.
        }

        stream.StopReading();
        await EndAsync(stream).ConfigureAwait(false);
    }

    private static async Task EndAsync(DuplexStream stream)
    {
        try
        {
            await stream.EndAsync(JsValue.True).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The connection ended.
        }
    }
}
