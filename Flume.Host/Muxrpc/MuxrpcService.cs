using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Flume.Host.Muxrpc.Calls;
using Flume.Host.Muxrpc.Transports;
using Flume.Ssb.Api;

namespace Flume.Host.Muxrpc;

/// <summary>
/// Serves identities to Scuttlebutt programs: a unix socket for each, and one address with secret handshakes.
/// </summary>
/// <remarks>
/// 1. An address that can't be listened on is told, and costs nothing else: the service answers on the others.
/// 2. Identities may be added at any time; once is enough for each. 3. After the stop nothing is listened on.
/// </remarks>
internal sealed class MuxrpcService : IAsyncDisposable
{
    private readonly MuxrpcSettings settings;
    private readonly ApiTable table;
    private readonly MethodBook methods;
    private readonly Action<string> note;
    private readonly Reception reception;
    private readonly List<SocketListener> listeners = [];
    private readonly ConcurrentDictionary<string, MuxrpcAddresses> served = new(StringComparer.Ordinal);
    private bool isStopped;

    private MuxrpcService(MuxrpcSettings settings, ApiTable table, Action<string> note)
    {
        this.settings = settings;
        this.table = table;
        this.note = note;
        methods = new MethodBook(table);
        reception = new Reception(settings, methods);
    }

    /// <summary>Where secret handshakes are answered; null when nowhere.</summary>
    public IPEndPoint? Address { get; private set; }

    /// <summary>Begins to listen; there is nobody to speak to before <see cref="ServeAsync"/>.</summary>
    /// <param name="settings">The section <c>flume.muxrpc</c>.</param>
    /// <param name="table">What can be called.</param>
    /// <param name="note">Told, in a sentence, of what could not be done.</param>
    public static async Task<MuxrpcService> StartAsync(MuxrpcSettings settings, ApiTable table, Action<string> note)
    {
        MuxrpcService service = new(settings, table, note);
        if (settings.Address is { } address) await service.ListenAsync(address).ConfigureAwait(false);
        return service;
    }

    /// <summary>Serves one identity: at the common address when it has keys, and on its own unix socket.</summary>
    /// <remarks>
    /// The socket, and <c>manifest.json</c>, are put beside the identity's secret. Where another server listens on that
    /// socket, the manifest is that server's and stays.
    /// </remarks>
    public async Task ServeAsync(IIdentity identity)
    {
        if (!served.TryAdd(identity.Name, MuxrpcAddresses.None)) return;
        reception.Add(identity);
        string? socket = settings.UnixSockets ? Path.Combine(identity.Directory, "socket") : null;
        try
        {
            if (socket is not null) await ListenAsync(identity, socket).ConfigureAwait(false);
            if (socket is not null || Address is not null) ManifestFile.Write(identity.Directory, table);
        }
        catch (Exception error) when (error is IOException or SocketException or UnauthorizedAccessException)
        {
            note($"identity '{identity.Name}' can't be reached through {identity.Directory}/socket: {error.Message}");
            if (!File.Exists(socket)) socket = null;
        }

        served[identity.Name] = new MuxrpcAddresses(identity.Keys, socket, Address);
    }

    /// <summary>Where an identity can be reached.</summary>
    public MuxrpcAddresses AddressesOf(IIdentity identity) =>
        served.GetValueOrDefault(identity.Name) ?? MuxrpcAddresses.None;

    /// <summary>Takes no more connections, says goodbye on those that are open, and waits for their ends.</summary>
    public async ValueTask DisposeAsync()
    {
        SocketListener[] all;
        lock (listeners)
        {
            isStopped = true;
            all = [.. listeners];
            listeners.Clear();
        }

        await Task.WhenAll(all.Select(listener => listener.DisposeAsync().AsTask())).ConfigureAwait(false);
    }

    private async Task ListenAsync(IPEndPoint address)
    {
        try
        {
            SocketListener listener = await SocketListener.StartAsync(
                new ListenPlace(address, Bind: null, settings.ConnectionsMax), reception.ReceiveAsync)
                .ConfigureAwait(false);
            Address = (IPEndPoint)listener.Address;
            await KeepAsync(listener).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            note(
                $"can't listen on {address} for Scuttlebutt programs: {error.Message}. Stop what listens there, or " +
                "set flume.muxrpc.address (or --muxrpc) to another address or off.");
        }
    }

    private async Task ListenAsync(IIdentity identity, string path)
    {
        Caller owner = new(identity, IsOwner: true);
        ListenPlace place =
            new(new UnixDomainSocketEndPoint(path), () => UnixSocket.Bind(path), settings.ConnectionsMax);
        SocketListener listener = await SocketListener.StartAsync(place, async (connection, stop) =>
        {
            using MuxrpcConnection peer = new(connection.Transport, owner, methods, settings.Owners);
            await peer.RunAsync(stop).ConfigureAwait(false);
        }).ConfigureAwait(false);
        await KeepAsync(listener).ConfigureAwait(false);
    }

    private async Task KeepAsync(SocketListener listener)
    {
        lock (listeners)
        {
            if (!isStopped)
            {
                listeners.Add(listener);
                return;
            }
        }

        await listener.DisposeAsync().ConfigureAwait(false);
    }
}
