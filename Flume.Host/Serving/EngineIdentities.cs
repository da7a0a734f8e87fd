using System.Collections.Concurrent;
using Flume.Actors;
using Flume.Api;

namespace Flume.Host.Serving;

/// <summary>The engine's identities; each is opened when it is first asked for.</summary>
internal sealed class EngineIdentities(FlumeEngine engine) : IIdentities
{
    private readonly ConcurrentDictionary<string, IIdentity> opened = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> NamesAsync(CancellationToken cancel) => new(engine.Names);

    /// <inheritdoc/>
    public async ValueTask<IIdentity?> FindAsync(string name, CancellationToken cancel)
    {
        if (opened.TryGetValue(name, out IIdentity? identity)) return identity;
        if (!engine.Names.Contains(name)) return null;
        identity = await engine.OpenAsync(name, null, cancel).ConfigureAwait(false);
        opened[name] = identity;
        return identity;
    }

    /// <inheritdoc/>
    public async ValueTask<IIdentity> CreateAsync(string name, CancellationToken cancel)
    {
        if (name == "identities")
            throw new IdentityRejectedException("No identity can be named 'identities': that is an address of its own. Choose another name.");
        IIdentity identity = await engine.CreateAsync(name, cancel).ConfigureAwait(false);
        opened[name] = identity;
        return identity;
    }
}
