using Flume.Actors;
using Flume.Ssb.Api;

namespace Flume.Host.Serving;

/// <summary>An engine over a data directory for one verb, without a server.</summary>
internal sealed class OfflineEngine : IAsyncDisposable
{
    private readonly DirectoryLock claim;
    private readonly FlumeEngine engine;

    private OfflineEngine(DirectoryLock claim, FlumeEngine engine)
    {
        this.claim = claim;
        this.engine = engine;
    }

    /// <summary>Starts the engine; it opens nothing yet.</summary>
    /// <exception cref="DirectoryHeldException">A server, or another verb, has the directory.</exception>
    public static OfflineEngine Start(string directory)
    {
        FlumeSettings settings = new ServiceOptions(directory, null, null, null, false) { IsQuiet = true }.Settings();
        DirectoryLock claim = DirectoryLock.Take(directory);
        try
        {
            return new OfflineEngine(claim, FlumeEngine.Start(settings));
        }
        catch
        {
            claim.Dispose();
            throw;
        }
    }

    /// <summary>Opens an identity.</summary>
    /// <exception cref="IdentityRejectedException">It can't be opened, and why.</exception>
    public Task<IIdentity> OpenAsync(string name, CancellationToken cancel) => engine.OpenAsync(name, null, cancel);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await engine.DisposeAsync().ConfigureAwait(false);
        claim.Dispose();
    }
}
