using System.Collections.Concurrent;
using System.Net;
using Akka.Actor;
using Flume.Actors;
using Flume.Muxrpc.Calls;
using Flume.Muxrpc.Handshake;
using Flume.Muxrpc.Transports;
using Flume.Replication.Addresses;
using Flume.Replication.Blobs;
using Flume.Replication.Ebt;
using Flume.Replication.Feeds;
using Flume.Replication.Invites;
using Flume.Replication.Local;
using Flume.Replication.Peers;
using Flume.Ssb.Api;
using Flume.Ssb.Blobs;
using Flume.Ssb.Messages;

namespace Flume.Replication;

/// <summary>The replication of all hosted identities with keys in a process.</summary>
/// <param name="settings">The section <c>flume.replication</c>.</param>
/// <param name="network">The network's key.</param>
internal sealed class ReplicationService(ReplicationSettings settings, NetworkKey network) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Hosted> _hosted = new(StringComparer.Ordinal);
    private static readonly TimeSpan AttachAgainAfter = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ReadPubsEvery = TimeSpan.FromMinutes(10);

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _attaching = [];
    private readonly SemaphoreSlim _fetchPlaces = new(settings.Blobs.FetchesMax);
    private readonly VerifiedMessages _verified = new();
    private readonly Dialer _dialer = new(network, settings.DialWithin);
    private LocalLinks? _links;

    /// <summary>Like <see cref="AttachAsync"/>, without waiting. It retries until the views can be read.</summary>
    public void Attach(FlumeEngine engine, IIdentity identity, IRpcService table) => _attaching.Add(
        BackgroundLoop.RunAsync($"the start of the replication of '{identity.Name}'", async () =>
        {
            while (true)
            {
                try
                {
                    await AttachAsync(engine, identity, table).ConfigureAwait(false);
                    return;
                }
                catch (Exception error) when (error is ReadRejectedException or IdentityRejectedException)
                {
                    await Task.Delay(AttachAgainAfter, _stop.Token).ConfigureAwait(false);
                }
            }
        }));

    /// <summary>
    /// Starts replication for an identity. Does nothing without keys, if replication is off, or on a second call.
    /// </summary>
    /// <param name="engine">The engine that hosts the actors.</param>
    /// <param name="identity">The identity.</param>
    /// <param name="table">The methods that any peer can call.</param>
    public async Task AttachAsync(FlumeEngine engine, IIdentity identity, IRpcService table)
    {
        if (!settings.Enabled || identity.Keys is null || _hosted.ContainsKey(identity.Name)) return;
        IdentityReplication replication = await IdentityReplication.StartAsync(
            new IdentityFeedStore(identity) { Verified = _verified },
            new PeerClocks(Path.Combine(identity.Directory, "ebt")), settings, TimeProvider.System, _stop.Token)
            .ConfigureAwait(false);
        replication.Blobs = new BlobExchange(
            BlobStores.Of(identity), new BlobFetcher(settings.Blobs, _fetchPlaces, TimeProvider.System),
            new PushedBlobs(Path.Combine(identity.Directory, "blobs", "pushed.json")), TimeProvider.System);
        InviteServer invites = new(
            identity, new InviteBook(Path.Combine(identity.Directory, "invites.json"), TimeProvider.System));
        AddressBook book = new(identity.Directory, TimeProvider.System);
        book.Load();
        PeerBinding binding = new(table, new PeerSessions(), book);
        PeerDialing dialing = new(_dialer, identity.Keys, replication, binding) { IsLocal = Links.IsLocal };
        IActorRef peers = engine.System.ActorOf(
            Props.Create(() => new PeersActor(dialing)), $"replication-{identity.Name}");
        Hosted hosted = new(replication, binding, peers, invites);
        if (!_hosted.TryAdd(identity.Name, hosted))
        {
            engine.System.Stop(peers);
            await replication.DisposeAsync().ConfigureAwait(false);
            return;
        }

        _verified.IsOn = _hosted.Count > 1;
        replication.GraphChanged = () => OnGraph(hosted);
        OnGraph(hosted);
        foreach (MultiserverAddress address in settings.Peers)
            peers.Tell(new PeersActor.Connect(address, PeerSource.Configured));
        _attaching.Add(BackgroundLoop.RunAsync(
            "reading the addresses of pubs", () => ReadPubsAsync(identity, replication, book)));
    }

    /// <summary>The settings of section <c>flume.replication</c>.</summary>
    public ReplicationSettings Settings => settings;

    /// <summary>The address at which peers connect; null for none.</summary>
    public IPEndPoint? ListensAt { get; set; }

    /// <summary>The client that uses invite codes of pubs for an identity.</summary>
    public InviteClient Guest(IIdentity identity) => new(identity, _dialer);

    /// <summary>The messages that any identity verified.</summary>
    public VerifiedMessages Verified => _verified;

    /// <summary>The replicating identities by name.</summary>
    public IEnumerable<KeyValuePair<string, Hosted>> All => _hosted;

    /// <summary>The health of an identity's replication; null if it does not replicate.</summary>
    public ReplicationHealth? HealthOf(string identity) => Of(identity) is { } hosted
        ? new ReplicationHealth(hosted.Binding.Sessions.AloneSince, hosted.Replication.OwnBehind)
        : null;

    /// <summary>The replication of an identity; null if it does not replicate.</summary>
    public Hosted? Of(string identity) => _hosted.GetValueOrDefault(identity);

    private LocalLinks Links =>
        LazyInitializer.EnsureInitialized(ref _links, () => new LocalLinks(() => _hosted.Values, _stop.Token))!;

    private void OnGraph(Hosted changed)
    {
        changed.Binding.Sessions.Disconnect(one => changed.Replication.Blocks(one.Remote));
        Links.Check(changed);
    }

    private async Task ReadPubsAsync(IIdentity identity, IdentityReplication replication, AddressBook book)
    {
        using PeriodicTimer timer = new(ReadPubsEvery);
        do
        {
            try
            {
                await PubMessages.ReadAsync(identity, replication, book, _stop.Token).ConfigureAwait(false);
            }
            catch (Exception error) when (error is ReadRejectedException or IdentityRejectedException)
            {
                // The next turn reads them.
            }
        }
        while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_attaching).ConfigureAwait(false);
        await Links.EndedAsync().ConfigureAwait(false);
        foreach (Hosted one in _hosted.Values)
        {
            one.Peers.Tell(PoisonPill.Instance);
            await one.Replication.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>The replication of one identity.</summary>
    /// <param name="Replication">The replication state.</param>
    /// <param name="Binding">The shared state of its connections.</param>
    /// <param name="Peers">The actor that dials peers.</param>
    /// <param name="Invites">The invites of the identity.</param>
    internal sealed record Hosted(
        IdentityReplication Replication, PeerBinding Binding, IActorRef Peers, InviteServer Invites)
    {
        /// <summary>Creates a session for an incoming connection; null if the peer is blocked.</summary>
        public PeerSession? Accept(ReadOnlySpan<byte> publicKey, string address)
        {
            string remote = Ref.Feed(publicKey);
            return Replication.Blocks(remote) ? null : new PeerSession(Replication, remote, address, isClient: false)
            {
                Guest = Invites.PassOf(publicKey),
            };
        }

        /// <summary>Dials an address now, and again after each end.</summary>
        public void Remember(MultiserverAddress address) =>
            Peers.Tell(new PeersActor.Connect(address, PeerSource.Seed));

        /// <summary>Dials an address. Returns the error, or null if it is connected.</summary>
        public async Task<string?> ConnectAsync(MultiserverAddress address, CancellationToken cancel) =>
            (await Peers.Ask<PeerActor.Dialled>(new PeersActor.Connect(address), cancel).ConfigureAwait(false)).Error;
    }
}
