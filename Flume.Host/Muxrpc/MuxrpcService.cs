using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Flume.Host.Logging;
using Flume.Host.Metrics;
using Flume.Muxrpc.Calls;
using Flume.Muxrpc.Transports;
using Flume.Replication;
using Flume.Ssb.Api;

namespace Flume.Host.Muxrpc;

/// <summary>
/// Serves identities to Scuttlebutt programs: a unix socket for each, and one address with secret handshakes.
/// </summary>
/// <remarks>
/// 1. An address that can't be bound is reported, and the service listens on the other addresses.
/// 2. Identities can be added at any time. Adding one again does nothing. 3. After the stop no address is bound.
/// </remarks>
internal sealed class MuxrpcService : IAsyncDisposable
{
    private readonly MuxrpcSettings _settings;
    private readonly ApiTable _table;
    private readonly MethodResolver _methods;
    private readonly Action<string> _note;
    private readonly HandshakeAcceptor _acceptor;
    private readonly List<SocketListener> _listeners = [];
    private readonly ConcurrentDictionary<string, MuxrpcAddresses> _served = new(StringComparer.Ordinal);
    private bool _isStopped;

    private MuxrpcService(
        MuxrpcSettings settings, ApiTable table, ReplicationService? replication, Action<string> note)
    {
        _settings = settings;
        _table = table;
        _note = note;
        _methods = new MethodResolver(table);
        _acceptor = new HandshakeAcceptor(settings, _methods, replication);
    }

    /// <summary>Receives a line for each connection, at its start and its end.</summary>
    public ILogger Audit
    {
        get => _acceptor.Audit;
        set => _acceptor.Audit = value;
    }

    /// <summary>Where secret handshakes are answered; null when nowhere.</summary>
    public IPEndPoint? Address { get; private set; }

    /// <summary>Binds the common address. No identity answers before <see cref="ServeAsync"/>.</summary>
    /// <param name="settings">The section <c>flume.muxrpc</c>.</param>
    /// <param name="table">What can be called.</param>
    /// <param name="note">Told, in a sentence, of what could not be done.</param>
    /// <param name="replication">Replicates with peers that connect; null without replication.</param>
    public static async Task<MuxrpcService> StartAsync(
        MuxrpcSettings settings, ApiTable table, Action<string> note, ReplicationService? replication = null)
    {
        MuxrpcService service = new(settings, table, replication, note);
        if (settings.Address is { } address) await service.ListenAsync(address).ConfigureAwait(false);
        if (replication is not null) replication.ListensAt = service.Address;
        return service;
    }

    /// <summary>Serves one identity: at the common address when it has keys, and on its own unix socket.</summary>
    /// <remarks>
    /// The socket, and <c>manifest.json</c>, are put beside the identity's secret. Where another server listens on that
    /// socket, the manifest is that server's and stays.
    /// </remarks>
    public async Task ServeAsync(IIdentity identity)
    {
        if (!_served.TryAdd(identity.Name, MuxrpcAddresses.None)) return;
        _acceptor.Add(identity);
        string? socket = _settings.UnixSockets ? Path.Combine(identity.Directory, "socket") : null;
        try
        {
            if (socket is not null) await ListenAsync(identity, socket).ConfigureAwait(false);
            if (socket is not null || Address is not null) ManifestFile.Write(identity.Directory, _table);
        }
        catch (Exception error) when (error is IOException or SocketException or UnauthorizedAccessException)
        {
            _note($"identity '{identity.Name}' can't be reached through {identity.Directory}/socket: {error.Message}");
            if (!File.Exists(socket)) socket = null;
        }

        _served[identity.Name] = new MuxrpcAddresses(identity.Keys, socket, Address);
    }

    /// <summary>What peers can call on an identity that dialled them: what strangers can.</summary>
    public IRpcService ForPeers(IIdentity identity) =>
        new ApiRpcService(new Caller(identity, IsOwner: false), _methods);

    /// <summary>Where an identity can be reached.</summary>
    public MuxrpcAddresses AddressesOf(IIdentity identity) =>
        _served.GetValueOrDefault(identity.Name) ?? MuxrpcAddresses.None;

    /// <summary>Accepts no more connections, sends goodbye on the open ones, and waits until they end.</summary>
    public async ValueTask DisposeAsync()
    {
        SocketListener[] all;
        lock (_listeners)
        {
            _isStopped = true;
            all = [.. _listeners];
            _listeners.Clear();
        }

        await Task.WhenAll(all.Select(listener => listener.DisposeAsync().AsTask())).ConfigureAwait(false);
    }

    private async Task ListenAsync(IPEndPoint address)
    {
        try
        {
            SocketListener listener = await SocketListener.StartAsync(
                new ListenPlace(address, Bind: null, _settings.ConnectionsMax)
                {
                    PerAddressMax = _settings.PerAddressMax,
                },
                _acceptor.ReceiveAsync)
                .ConfigureAwait(false);
            Address = (IPEndPoint)listener.Address;
            await KeepAsync(listener).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            _note(
                $"can't listen on {address} for Scuttlebutt programs: {error.Message}. Stop what listens there, or " +
                "set flume.muxrpc.address (or --muxrpc) to another address or off.");
        }
    }

    private async Task ListenAsync(IIdentity identity, string path)
    {
        Caller owner = new(identity, IsOwner: true);
        ListenPlace place =
            new(UnixSocket.EndPoint(path), () => UnixSocket.Bind(path), _settings.ConnectionsMax);
        SocketListener listener = await SocketListener.StartAsync(place, async (connection, stop) =>
        {
            using MuxrpcConnection peer = new(
                connection.Transport, new ApiRpcService(owner, _methods), _settings.Owners);
            using IDisposable counted = MuxrpcMetrics.Connect(isOwner: true);
            ServiceLines.Connected(Audit, "a program of this machine", "its socket", identity.Name, "owner");
            await peer.RunAsync(stop).ConfigureAwait(false);
            ServiceLines.Disconnected(Audit, "a program of this machine", "its socket", identity.Name);
        }).ConfigureAwait(false);
        await KeepAsync(listener).ConfigureAwait(false);
    }

    private async Task KeepAsync(SocketListener listener)
    {
        lock (_listeners)
        {
            if (!_isStopped)
            {
                _listeners.Add(listener);
                return;
            }
        }

        await listener.DisposeAsync().ConfigureAwait(false);
    }
}
