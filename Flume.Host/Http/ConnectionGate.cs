using System.Net;
using System.Net.Sockets;
using Flume.Muxrpc.Transports;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Flume.Host.Http;

/// <summary>Counts connections, and reserves a quarter of them for callers on this machine.</summary>
/// <remarks>
/// 1. Connections of other machines may be three quarters of all, and those of one address a part of that.
/// 2. The system closes a connection whose peer stopped responding after about a minute
/// (<see cref="HalfOpenPeers"/>).
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
