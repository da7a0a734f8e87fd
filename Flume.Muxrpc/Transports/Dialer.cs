using System.IO.Pipelines;
using System.Net.Sockets;
using Flume.Muxrpc.Handshake;
using Flume.Ssb.Messages;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;

namespace Flume.Muxrpc.Transports;

/// <summary>Connects to peers.</summary>
/// <param name="network">The network's key.</param>
/// <param name="within">The time limit for connecting and the handshake together.</param>
internal sealed class Dialer(NetworkKey network, TimeSpan within)
{
    private const int BufferBytes = 64 * 1024;

    private readonly SocketConnectionContextFactory _factory = new(
        new SocketConnectionFactoryOptions { MaxReadBufferSize = BufferBytes, MaxWriteBufferSize = BufferBytes },
        NullLogger.Instance);

    /// <summary>Connects to an address and runs the handshake.</summary>
    /// <param name="address">The peer.</param>
    /// <param name="own">The key to prove to the peer, unless the address contains a seed.</param>
    /// <param name="cancel">Stops the attempt.</param>
    /// <exception cref="IOException">The peer cannot be reached, or the handshake failed.</exception>
    public async Task<DialedConnection> DialAsync(
        MultiserverAddress address, FeedKeys own, CancellationToken cancel)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(within);
        try
        {
            ConnectionContext connection = _factory.Create(await OpenAsync(address, limit.Token).ConfigureAwait(false));
            return await ProveAsync(connection, address, own, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new IOException($"connecting to {address} took longer than {within.TotalSeconds:0.#} s");
        }
        catch (SocketException error)
        {
            throw new IOException($"connect {error.SocketErrorCode} {address.Place}", error);
        }
    }

    private static async Task<Socket> OpenAsync(MultiserverAddress address, CancellationToken cancel)
    {
        bool isUnix = address.Transport == "unix";
        Socket socket = isUnix
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (isUnix)
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(address.Path()), cancel).ConfigureAwait(false);
                return socket;
            }

            (string host, int port) = address.HostAndPort();
            await socket.ConnectAsync(host, port, cancel).ConfigureAwait(false);
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<DialedConnection> ProveAsync(
        ConnectionContext connection, MultiserverAddress address, FeedKeys own, CancellationToken cancel)
    {
        try
        {
            if (!address.IsHandshake) return new DialedConnection(connection, null, address);
            FeedKeys client = address.Seed is { } seed ? FeedKeys.FromSeed(seed.Span) : own;
            ClientHandshake handshake = new(network, client, address.Key!.Value);
            SessionKeys keys = await handshake.RunAsync(connection.Transport, cancel).ConfigureAwait(false)
                ?? throw new IOException(
                    $"{address.Place} ended the handshake: its key differs from {address}, its network key differs, " +
                    "or it refuses this identity.");
            BoxStream boxes = new(
                connection.Transport, keys, connection.ConnectionClosed, QuickAck.Of(connection));
            return new DialedConnection(connection, boxes, address);
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}

/// <summary>An outgoing connection after the handshake.</summary>
internal sealed class DialedConnection(ConnectionContext connection, BoxStream? boxes, MultiserverAddress address)
    : IAsyncDisposable
{
    /// <summary>The plain bytes.</summary>
    public IDuplexPipe Pipe => boxes ?? connection.Transport;

    /// <summary>The address of the peer.</summary>
    public MultiserverAddress Address => address;

    /// <summary>Cancelled when the socket is closed.</summary>
    public CancellationToken Closed => connection.ConnectionClosed;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (boxes is not null) await boxes.DisposeAsync().ConfigureAwait(false);
        await connection.DisposeAsync().ConfigureAwait(false);
    }
}
