using Flume.Actors;
using Flume.Ssb.Api;
using Flume.Views;

namespace Flume.Host.Serving;

/// <summary>An engine over a data directory for one verb, without a server.</summary>
internal sealed class OfflineEngine : IAsyncDisposable
{
    private readonly DirectoryLock _claim;
    private readonly FlumeEngine _engine;

    private OfflineEngine(DirectoryLock claim, FlumeEngine engine, ApiTable methods)
    {
        _claim = claim;
        _engine = engine;
        Methods = methods;
    }

    /// <summary>The methods of the engine's views, and all others.</summary>
    public ApiTable Methods { get; }

    /// <summary>Starts the engine; it opens nothing yet.</summary>
    /// <exception cref="DirectoryHeldException">A server, or another verb, has the directory.</exception>
    public static OfflineEngine Start(string directory, string? configFile = null, string hocon = "")
    {
        ServiceOptions options = new(directory, null, configFile, null, false) { IsQuiet = true, Hocon = hocon };
        FlumeSettings settings = options.Settings();
        ViewCatalog views = ProcessViews.Load(settings);
        DirectoryLock claim = DirectoryLock.Take(directory);
        try
        {
            return new OfflineEngine(claim, FlumeEngine.Start(settings, views), BuiltInApi.With(views));
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
    public Task<IIdentity> OpenAsync(string name, CancellationToken cancel) => _engine.OpenAsync(name, null, cancel);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync().ConfigureAwait(false);
        _claim.Dispose();
    }
}
