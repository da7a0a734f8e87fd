using System.Net.Sockets;
using System.Net;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Flume.Muxrpc.Transports;

/// <summary>Accepts connections on one address and serves each until it ends.</summary>
/// <remarks>
/// 1. At the limit, further connections are closed at once.
/// 2. An exception while serving ends only that connection.
/// </remarks>
internal sealed class SocketListener : IAsyncDisposable
{
    // The unread and unsent bytes per connection: enough for full speed, and small for thousands of connections.
    private const int BufferBytes = 64 * 1024;

    private readonly IConnectionListener _listener;
    private readonly Func<ConnectionContext, CancellationToken, Task> _serve;
    private readonly int _connectionsMax;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Calls.InFlightTracker _open = new();
    private readonly Task _accepting;
    private int _openCount;

    private SocketListener(
        IConnectionListener listener, int connectionsMax, Func<ConnectionContext, CancellationToken, Task> serve)
    {
        _listener = listener;
        _connectionsMax = connectionsMax;
        _serve = serve;
        _accepting = AcceptAsync();
    }

    /// <summary>The bound address, with the actual port if port 0 was requested.</summary>
    public EndPoint Address => _listener.EndPoint;

    /// <summary>Starts to listen.</summary>
    /// <param name="place">The address and the maximum of connections.</param>
    /// <param name="serve">Serves one connection. The listener closes it afterwards.</param>
    /// <exception cref="IOException">The address is in use, or does not belong to this machine.</exception>
    public static async Task<SocketListener> StartAsync(
        ListenPlace place, Func<ConnectionContext, CancellationToken, Task> serve)
    {
        SocketTransportOptions options = new() { MaxReadBufferSize = BufferBytes, MaxWriteBufferSize = BufferBytes };
        if (place.Bind is { } bind) options.CreateBoundListenSocket = _ => bind();
        SocketTransportFactory factory = new(Options.Create(options), NullLoggerFactory.Instance);
        try
        {
            IConnectionListener listener = await factory.BindAsync(place.Address).ConfigureAwait(false);
            return new SocketListener(listener, place.ConnectionsMax, serve);
        }
        catch (AddressInUseException taken)
        {
            throw new IOException("another socket already listens there", taken);
        }
    }

    /// <summary>Accepts no more connections, stops the open ones, and waits for them.</summary>
    public async ValueTask DisposeAsync()
    {
        await _listener.UnbindAsync().ConfigureAwait(false);
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _accepting.ConfigureAwait(false);
        await _open.CloseAsync().ConfigureAwait(false);
        await _listener.DisposeAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (await _listener.AcceptAsync().ConfigureAwait(false) is { } connection)
        {
            if (Interlocked.Increment(ref _openCount) > _connectionsMax)
            {
                Interlocked.Decrement(ref _openCount);
                connection.Abort();
                await connection.DisposeAsync().ConfigureAwait(false);
                continue;
            }

            _open.Begin();
            _ = Task.Run(() => ServeAsync(connection));
        }
    }

    private async Task ServeAsync(ConnectionContext connection)
    {
        try
        {
            using CancellationTokenSource ends =
                CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token, connection.ConnectionClosed);
            KeepAlive(connection);
            await _serve(connection, ends.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is OperationCanceledException or IOException or SocketException)
        {
            // The peer has disconnected.
        }
        catch (Exception error)
        {
            await Console.Error.WriteLineAsync($"flume: a muxrpc connection failed unexpectedly: {error}")
                .ConfigureAwait(false);
        }
        finally
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            Interlocked.Decrement(ref _openCount);
            _open.End();
        }
    }

    /// <summary>Enables TCP keep-alive, so that the connection of a vanished peer ends.</summary>
    private static void KeepAlive(ConnectionContext connection)
    {
        Socket? socket = connection.Features.Get<IConnectionSocketFeature>()?.Socket;
        if (socket is { AddressFamily: AddressFamily.InterNetwork or AddressFamily.InterNetworkV6 })
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
    }
}

/// <summary>The settings of a listener.</summary>
/// <param name="Address">The address.</param>
/// <param name="Bind">Creates the bound socket; null for the default.</param>
/// <param name="ConnectionsMax">The maximum of open connections.</param>
internal sealed record ListenPlace(EndPoint Address, Func<Socket>? Bind, int ConnectionsMax);
