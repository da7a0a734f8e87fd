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

    /// <summary>Starts the engine without opening an identity.</summary>
    /// <exception cref="DirectoryHeldException">A server, or another verb, holds the directory.</exception>
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
    /// <exception cref="IdentityRejectedException">The identity can't be opened; the message states the
    /// reason.</exception>
    public Task<IIdentity> OpenAsync(string name, CancellationToken cancel) => engine.OpenAsync(name, null, cancel);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await engine.DisposeAsync().ConfigureAwait(false);
        claim.Dispose();
    }
}
