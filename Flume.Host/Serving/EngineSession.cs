using Flume.Actors;
using Flume.Api;

namespace Flume.Host.Serving;

/// <summary>An engine over a data directory for one verb, without a server.</summary>
internal sealed class EngineSession : IAsyncDisposable
{
    private readonly DirectoryClaim claim;
    private readonly FlumeEngine engine;

    private EngineSession(DirectoryClaim claim, FlumeEngine engine)
    {
        this.claim = claim;
        this.engine = engine;
    }

    /// <summary>Starts the engine; it opens nothing yet.</summary>
    /// <exception cref="DirectoryHeldException">A server, or another verb, has the directory.</exception>
    public static EngineSession Start(string directory)
    {
        FlumeSettings settings = new ServiceOptions(directory, null, null, null, false) { IsQuiet = true }.Settings();
        DirectoryClaim claim = DirectoryClaim.Take(directory);
        try
        {
            return new EngineSession(claim, FlumeEngine.Start(settings));
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
