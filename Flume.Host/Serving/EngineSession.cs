using Flume.Actors;
using Flume.Api;
using Flume.Log;

namespace Flume.Host.Serving;

/// <summary>An engine over a data directory for one verb, without a server.</summary>
internal sealed class EngineSession : IAsyncDisposable
{
    private readonly FlumeEngine engine;

    private EngineSession(FlumeEngine engine) => this.engine = engine;

    /// <summary>Starts the engine; it opens nothing yet.</summary>
    /// <exception cref="LogLockedException">A server has the directory.</exception>
    public static EngineSession Start(string directory) =>
        new(FlumeEngine.Start(new ServiceOptions(directory, null, null, null, false) { IsQuiet = true }.Settings()));

    /// <summary>Opens an identity.</summary>
    /// <exception cref="IdentityRejectedException">It can't be opened, and why.</exception>
    public Task<IIdentity> OpenAsync(string name, CancellationToken cancel) => engine.OpenAsync(name, null, cancel);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => engine.DisposeAsync();
}
