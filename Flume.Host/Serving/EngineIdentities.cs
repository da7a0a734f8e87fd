using System.Collections.Concurrent;
using Flume.Actors;
using Flume.Host.Http;
using Flume.Host.Muxrpc;
using Flume.Ssb.Api;

namespace Flume.Host.Serving;

/// <summary>
/// The identities of an engine that may still be starting; each is opened when it is first asked for.
/// </summary>
/// <remarks>Whoever opens an identity first has it served to Scuttlebutt programs too, before the caller has it.</remarks>
internal sealed class EngineIdentities(Task<FlumeEngine> starting, MuxrpcService muxrpc) : IIdentities
{
    private readonly ConcurrentDictionary<string, IIdentity> opened = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public long CachedBytes => starting.IsCompletedSuccessfully ? starting.Result.CachedBytes : 0;

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<string>> NamesAsync(CancellationToken cancel) =>
        (await starting.WaitAsync(cancel).ConfigureAwait(false)).Names;

    /// <inheritdoc/>
    public async ValueTask<IIdentity?> FindAsync(string name, CancellationToken cancel)
    {
        if (opened.TryGetValue(name, out IIdentity? identity)) return identity;
        FlumeEngine engine = await starting.WaitAsync(cancel).ConfigureAwait(false);
        if (!engine.Names.Contains(name)) return null;
        return await KeepAsync(await engine.OpenAsync(name, null, cancel).ConfigureAwait(false)).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<IIdentity> CreateAsync(string name, CancellationToken cancel)
    {
        DataDirectory.CheckName(name);
        FlumeEngine engine = await starting.WaitAsync(cancel).ConfigureAwait(false);
        return await KeepAsync(await engine.CreateAsync(name, cancel).ConfigureAwait(false)).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> AddressesOf(IIdentity identity) => muxrpc.AddressesOf(identity).ToText();

    private async Task<IIdentity> KeepAsync(IIdentity identity)
    {
        await muxrpc.ServeAsync(identity).ConfigureAwait(false);
        opened[identity.Name] = identity;
        return identity;
    }
}
