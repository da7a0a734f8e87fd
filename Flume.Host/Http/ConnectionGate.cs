using System.Net;
using System.Net.Sockets;
using Flume.Muxrpc.Transports;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Flume.Host.Http;

/// <summary>Counts connections, and keeps places for callers on this machine.</summary>
/// <remarks>
/// 1. Connections of other machines may take three quarters of all places, and each address a part of them.
/// 2. A connection whose machine vanished is closed by the system within about a minute (<see cref="HalfOpenPeers"/>).
/// </remarks>
internal sealed class ConnectionGate(ServerContext site)
{
    private readonly AddressCounts _remote = new(
        site.Limits.ConnectionsMax - (site.Limits.ConnectionsMax / 4), site.Limits.ConnectionsPerAddressMax);

    /// <summary>Serves the connection, or closes it at once.</summary>
    public async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        IPAddress? from = AddressCounts.Remote(connection);
        if (from is not null && !_remote.TryEnter(from))
        {
            connection.Abort();
            return;
        }

        try
        {
            HalfOpenPeers.Detect(connection.Features.Get<IConnectionSocketFeature>()?.Socket);
            using IDisposable? counted = site.Connections.TryTake();
            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            if (from is not null) _remote.Leave(from);
        }
    }
}
