using System.Collections.Concurrent;
using Flume.Actors;
using Flume.Api;

namespace Flume.Host.Serving;

/// <summary>
/// The identities of an engine that may still be starting; each is opened when it is first asked for.
/// </summary>
internal sealed class EngineIdentities(Task<FlumeEngine> starting) : IIdentities
{
    private readonly ConcurrentDictionary<string, IIdentity> opened = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<string>> NamesAsync(CancellationToken cancel) =>
        (await starting.WaitAsync(cancel).ConfigureAwait(false)).Names;

    /// <inheritdoc/>
    public async ValueTask<IIdentity?> FindAsync(string name, CancellationToken cancel)
    {
        if (opened.TryGetValue(name, out IIdentity? identity)) return identity;
        FlumeEngine engine = await starting.WaitAsync(cancel).ConfigureAwait(false);
        if (!engine.Names.Contains(name)) return null;
        identity = await engine.OpenAsync(name, null, cancel).ConfigureAwait(false);
        opened[name] = identity;
        return identity;
    }

    /// <inheritdoc/>
    public async ValueTask<IIdentity> CreateAsync(string name, CancellationToken cancel)
    {
        DataDirectory.CheckName(name);
        FlumeEngine engine = await starting.WaitAsync(cancel).ConfigureAwait(false);
        IIdentity identity = await engine.CreateAsync(name, cancel).ConfigureAwait(false);
        opened[name] = identity;
        return identity;
    }
}
