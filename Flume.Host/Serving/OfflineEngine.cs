using Flume.Actors;
using Flume.Host.Logging;
using Flume.Ssb.Api;
using Flume.Views;
using Flume.Views.Store;
using Microsoft.Extensions.Logging.Abstractions;

namespace Flume.Host.Serving;

/// <summary>An engine over a directory for one verb, without a server.</summary>
internal sealed class OfflineEngine : IAsyncDisposable
{
    private readonly DataDirectory _data;
    private readonly DirectoryLock _claim;
    private readonly FlumeEngine _engine;
    private ILoggerFactory _loggers = NullLoggerFactory.Instance;

    private OfflineEngine(DataDirectory data, (DirectoryLock Claim, FlumeEngine Engine) held, ApiTable methods)
    {
        _data = data;
        (_claim, _engine) = held;
        Methods = methods;
    }

    /// <summary>The methods of the engine's views, and all others.</summary>
    public ApiTable Methods { get; }

    /// <summary>Starts the engine; it opens nothing yet.</summary>
    /// <remarks>
    /// A classic directory is read beside a running JavaScript server, unless the verb writes.
    /// </remarks>
    /// <exception cref="DirectoryHeldException">A server, or another verb, has the directory.</exception>
    /// <exception cref="LogLockedException">The verb writes, and a JavaScript server has the directory.</exception>
    public static OfflineEngine Start(DataDirectory data, OfflineUse use)
    {
        bool isReading = data.ClassicFiles is not null && !use.Writes;
        if (data.ClassicFiles is { } classic && use.Writes) ClassicDirectory.RefuseForeign(classic);
        ServiceOptions options = new(data.Path, null, use.ConfigFile, null, Follow: isReading)
        {
            IsQuiet = true, Hocon = use.Hocon,
        };
        FlumeSettings settings = options.Settings();
        ViewCatalog views = ProcessViews.Load(settings);
        DirectoryLock claim = DirectoryLock.Take(data.Path);
        ILoggerFactory loggers = OperatorLog.Create(LoggingSettings.Read(settings.Reader));
        try
        {
            FlumeEngine engine = FlumeEngine.Start(new EngineServices(
                settings, settings.Choose(views), new StoreResources(settings.Store.ToLimits()), TimeProvider.System)
            {
                Loggers = loggers,
            });
            return new OfflineEngine(data, (claim, engine), BuiltInApi.With(views)) { _loggers = loggers };
        }
        catch
        {
            claim.Dispose();
            loggers.Dispose();
            throw;
        }
    }

    /// <summary>Opens an identity.</summary>
    /// <exception cref="IdentityRejectedException">The identity can't be opened; the message states the
    /// reason.</exception>
    public Task<IIdentity> OpenAsync(string name, CancellationToken cancel) =>
        _engine.OpenAsync(name, _data.ClassicFiles, cancel);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync().ConfigureAwait(false);
        _claim.Dispose();
        _loggers.Dispose();
    }
}

/// <summary>What a verb does with its engine.</summary>
/// <param name="Writes">True when the verb may append to the log.</param>
internal sealed record OfflineUse(bool Writes)
{
    /// <summary>A configuration file; null for the built-in one.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>HOCON over the file.</summary>
    public string Hocon { get; init; } = "";
}
