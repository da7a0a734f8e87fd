using System.Net;
using System.Net.Sockets;
using Flume.Log.Primitives;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Flume.Muxrpc.Transports;

/// <summary>Accepts connections on one address and serves each until it ends.</summary>
/// <remarks>
/// 1. At the limit, further connections are closed at once. Peers on other machines get at most three quarters of the
/// places, and each address a part of them.
/// 2. An exception while serving ends only that connection.
/// </remarks>
internal sealed class SocketListener : IAsyncDisposable
{
    // The unread and unsent bytes per connection: enough for full speed, and small for thousands of connections.
    private const int BufferBytes = 64 * 1024;

    private readonly IConnectionListener _listener;
    private readonly Func<ConnectionContext, CancellationToken, Task> _serve;
    private readonly int _connectionsMax;
    private readonly AddressCounts _remote;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Calls.InFlightTracker _open = new();
    private readonly Task _accepting;
    private int _openCount;

    private SocketListener(
        IConnectionListener listener, ListenPlace place, Func<ConnectionContext, CancellationToken, Task> serve)
    {
        _listener = listener;
        _connectionsMax = place.ConnectionsMax;
        _remote = new AddressCounts(_connectionsMax - (_connectionsMax / 4), place.PerAddressMax);
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
            return new SocketListener(listener, place, serve);
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
            if (!TryEnter(connection))
            {
                connection.Abort();
                await connection.DisposeAsync().ConfigureAwait(false);
                continue;
            }

            _open.Begin();
            _ = Task.Run(() => ServeAsync(connection));
        }
    }

    private bool TryEnter(ConnectionContext connection)
    {
        if (AddressCounts.Remote(connection) is { } from && !_remote.TryEnter(from)) return false;
        if (Interlocked.Increment(ref _openCount) <= _connectionsMax) return true;
        Leave(connection);
        return false;
    }

    private void Leave(ConnectionContext connection)
    {
        Interlocked.Decrement(ref _openCount);
        if (AddressCounts.Remote(connection) is { } from) _remote.Leave(from);
    }

    private async Task ServeAsync(ConnectionContext connection)
    {
        try
        {
            using CancellationTokenSource ends =
                CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token, connection.ConnectionClosed);
            HalfOpenPeers.Detect(connection.Features.Get<IConnectionSocketFeature>()?.Socket);
            await _serve(connection, ends.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is OperationCanceledException or IOException or SocketException)
        {
            // The peer has disconnected.
        }
        catch (Exception error)
        {
            RepeatedNotes.OfProcess.Failed("a muxrpc connection", error);
        }
        finally
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            Leave(connection);
            _open.End();
        }
    }
}

/// <summary>The settings of a listener.</summary>
/// <param name="Address">The address.</param>
/// <param name="Bind">Creates the bound socket; null for the default.</param>
/// <param name="ConnectionsMax">The maximum of open connections.</param>
internal sealed record ListenPlace(EndPoint Address, Func<Socket>? Bind, int ConnectionsMax)
{
    /// <summary>The maximum of open connections of one address of another machine.</summary>
    public int PerAddressMax { get; init; } = int.MaxValue;
}
