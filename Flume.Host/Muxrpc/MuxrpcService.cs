using System.Net;
using System.Net.Sockets;
using Flume.Api;
using Flume.Host.Muxrpc.Calls;
using Flume.Host.Muxrpc.Transports;

namespace Flume.Host.Muxrpc;

/// <summary>Serves identities to Scuttlebutt programs: a unix socket for each, and one address with secret handshakes.</summary>
/// <remarks>
/// 1. An address that can't be listened on is told, and costs nothing else: the service answers on the others.
/// 2. Identities may be added at any time.
/// </remarks>
internal sealed class MuxrpcService : IAsyncDisposable
{
    private readonly MuxrpcSettings settings;
    private readonly ApiTable table;
    private readonly MethodBook methods;
    private readonly Action<string> note;
    private readonly Reception reception;
    private readonly List<SocketListener> listeners = [];

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
    /// <remarks>The socket, and <c>manifest.json</c>, are put beside the identity's secret.</remarks>
    public async Task ServeAsync(IIdentity identity)
    {
        reception.Add(identity);
        try
        {
            ManifestFile.Write(identity.Directory, table);
            if (settings.UnixSockets) await ListenAsync(identity, Path.Combine(identity.Directory, "socket")).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or SocketException or UnauthorizedAccessException)
        {
            note($"identity '{identity.Name}' has no unix socket: {error.Message}");
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        SocketListener[] all;
        lock (listeners)
        {
            all = [.. listeners];
            listeners.Clear();
        }

        foreach (SocketListener listener in all) await listener.DisposeAsync().ConfigureAwait(false);
    }

    private async Task ListenAsync(IPEndPoint address)
    {
        try
        {
            SocketListener listener = await SocketListener.StartAsync(
                address, null, settings.ConnectionsMax, reception.ReceiveAsync).ConfigureAwait(false);
            Address = (IPEndPoint)listener.Address;
            Keep(listener);
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            note(
                $"can't listen on {address} for Scuttlebutt programs: {error.Message}. Stop what listens there, or set " +
                "flume.muxrpc.address to another address or off.");
        }
    }

    private async Task ListenAsync(IIdentity identity, string path)
    {
        Caller owner = new(identity, IsOwner: true);
        Keep(await SocketListener.StartAsync(
            new UnixDomainSocketEndPoint(path), () => UnixSocket.Bind(path), settings.ConnectionsMax, async (connection, stop) =>
            {
                using MuxrpcConnection served = new(connection.Transport, owner, methods, settings.Owners);
                await served.RunAsync(stop).ConfigureAwait(false);
            }).ConfigureAwait(false));
    }

    private void Keep(SocketListener listener)
    {
        lock (listeners) listeners.Add(listener);
    }
}
