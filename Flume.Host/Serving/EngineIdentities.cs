using System.Collections.Concurrent;
using Flume.Actors;
using Flume.Host.Http;
using Flume.Host.Logging;
using Flume.Host.Muxrpc;
using Flume.Replication;
using Flume.Ssb.Api;
using Microsoft.Extensions.Logging.Abstractions;

namespace Flume.Host.Serving;

/// <summary>
/// The identities of an engine that may still be starting. Each is opened at its first use.
/// </summary>
/// <remarks>
/// The first caller of an identity gets it after Scuttlebutt programs can connect to it.
/// </remarks>
internal sealed class EngineIdentities(
    Task<FlumeEngine> starting, MuxrpcService muxrpc, ReplicationService replication) : IIdentities
{
    private readonly ConcurrentDictionary<string, IIdentity> _opened = new(StringComparer.Ordinal);

    /// <summary>Receives a line for each identity that opens.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <inheritdoc/>
    public long CachedBytes => starting.IsCompletedSuccessfully ? starting.Result.CachedBytes : 0;

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<string>> NamesAsync(CancellationToken cancel) =>
        (await starting.WaitAsync(cancel).ConfigureAwait(false)).Names;

    /// <inheritdoc/>
    public async ValueTask<IIdentity?> FindAsync(string name, CancellationToken cancel)
    {
        if (_opened.TryGetValue(name, out IIdentity? identity)) return identity;
        FlumeEngine engine = await starting.WaitAsync(cancel).ConfigureAwait(false);
        if (!engine.Has(name)) return null;
        return await KeepAsync(await engine.OpenAsync(name, null, cancel).ConfigureAwait(false)).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IIdentity> CreateAsync(string name, IdentityKind? kind, CancellationToken cancel)
    {
        DataDirectory.CheckName(name);
        FlumeEngine engine = await starting.WaitAsync(cancel).ConfigureAwait(false);
        return await KeepAsync(await engine.CreateAsync(
            name, kind ?? engine.Settings.Identities.Kind, cancel).ConfigureAwait(false)).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> AddressesOf(IIdentity identity) => muxrpc.AddressesOf(identity).ToText();

    /// <inheritdoc/>
    public ReplicationHealth? ReplicationOf(string identity) => replication.HealthOf(identity);

    private async Task<IIdentity> KeepAsync(IIdentity identity)
    {
        if (identity.Kind == IdentityKind.Ssb)
        {
            FlumeEngine engine = await starting.ConfigureAwait(false);
            replication.Attach(engine, identity, muxrpc.ForPeers(identity));
            await muxrpc.ServeAsync(identity).ConfigureAwait(false);
        }

        if (_opened.TryAdd(identity.Name, identity) && Logger.IsEnabled(LogLevel.Information))
        {
            (string kind, int views) = (identity.Kind.ToWord(), identity.Views.Views.Count);
            ServiceLines.Opened(Logger, identity.Name, kind, identity.Log.Head.Value, views);
        }

        return identity;
    }
}
