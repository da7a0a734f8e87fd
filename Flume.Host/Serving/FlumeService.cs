using System.Net;
using System.Runtime.InteropServices;
using Flume.Actors;
using Flume.Host.Http;
using Flume.Host.Logging;
using Flume.Host.Metrics;
using Flume.Host.Muxrpc;
using Flume.Log;
using Flume.Log.Primitives;
using Flume.Replication;
using Flume.Ssb.Api;
using Flume.Views;
using Flume.Views.Store;

namespace Flume.Host.Serving;

/// <summary>The whole service: an engine, its identities, and their HTTP and muxrpc servers.</summary>
/// <remarks>
/// Stop order: new appends and other new work are refused; running requests finish and idle streams end; muxrpc
/// connections close; the engine completes its append groups, flushes the rows of all views and closes the logs.
/// A failed start stops all parts that had started.
/// </remarks>
internal sealed class FlumeService : IAsyncDisposable
{
    private readonly DirectoryLock _claim;
    private readonly Task<FlumeEngine> _starting;
    private readonly ServerContext _site;
    private readonly MuxrpcService _muxrpc;
    private readonly ReplicationService _replication;
    private readonly ReplicationMeter _meter;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;
    private HttpServer? _server;
    private OtlpSender? _otlp;

    private FlumeService(
        (DirectoryLock Claim, ILoggerFactory Loggers) own, Content content, HostSettings host, MuxrpcService muxrpc,
        ReplicationService replication)
    {
        _replication = replication;
        _meter = new ReplicationMeter(() => replication.All);
        (_claim, _loggers) = own;
        _muxrpc = muxrpc;
        _logger = _loggers.CreateLogger(OperatorLog.Service);
        muxrpc.Audit = _loggers.CreateLogger(OperatorLog.Audit);
        ILogger failures = _loggers.CreateLogger(OperatorLog.Failures);
        RepeatedNotes.OfProcess.SendTo(text => ServiceLines.Failed(failures, text));
        _starting = Task.Run(() => FlumeEngine.Start(content.Services(_loggers)));
        EngineIdentities identities = new(_starting, muxrpc, replication) { Logger = _logger };
        _site = new ServerContext(identities, content.Methods, host.Http.Limits)
        {
            Loggers = _loggers,
            Access = host.Http.Access,
            Metrics = host.Metrics,
            Health = host.Health,
        };
    }

    /// <summary>Refuses what the start would refuse before it makes anything.</summary>
    /// <exception cref="SettingsException">The configuration is wrong.</exception>
    public static void Check(ServiceOptions options)
    {
        FlumeSettings settings = options.Settings();
        HostSettings host = HostSettings.Read(settings.Reader);
        host.Http.Access.RefuseOpenDoor(
            settings.Reader, options.Address ?? host.Http.Address, options.Address is not null);
    }

    /// <summary>The base address of the HTTP server.</summary>
    public Uri Address => _server!.Address;

    /// <summary>The muxrpc address; null if muxrpc is off.</summary>
    public IPEndPoint? MuxrpcAddress => _muxrpc.Address;

    /// <summary>The identities that it serves.</summary>
    public IIdentities Identities => _site.Identities;

    /// <summary>
    /// Starts engine and HTTP in parallel. When it returns, requests wait for identities that still open.
    /// </summary>
    /// <param name="options">The directory, addresses and configuration to serve.</param>
    /// <param name="note">
    /// On a terminal, receives one sentence about each optional part that failed; else these are log lines.
    /// </param>
    /// <param name="cancel">Cancels the start.</param>
    /// <exception cref="SettingsException">The configuration is wrong.</exception>
    /// <exception cref="DirectoryHeldException">Another process has the directory.</exception>
    /// <exception cref="LogLockedException">A JavaScript server holds the classic directory.</exception>
    /// <exception cref="IOException">The service can't listen on the address.</exception>
    public static async Task<FlumeService> StartAsync(
        ServiceOptions options, Action<string> note, CancellationToken cancel)
    {
        IdentityFiles? classic = options.Classic is null ? null : ClassicDirectory.Files(options.Classic);
        if (classic is not null && !options.Follow) ClassicDirectory.RefuseForeign(classic);
        FlumeSettings settings = options.Settings();
        HostSettings host = HostSettings.Read(settings.Reader);
        IPEndPoint address = options.Address ?? host.Http.Address;
        host.Http.Access.RefuseOpenDoor(settings.Reader, address, isTyped: options.Address is not null);
        MuxrpcSettings forPrograms = MuxrpcSettings.Read(settings.Reader);
        ReplicationService replication = new(ReplicationSettings.Read(settings.Reader), forPrograms.Network);
        Content content = Content.Load(settings, replication);
        DirectoryLock claim = DirectoryLock.Take(settings.Directory);
        ILoggerFactory loggers = OperatorLog.Create(host.Logging);
        ILogger notes = loggers.CreateLogger(OperatorLog.Service);
        if (!options.IsQuiet) note = text => ServiceLines.Noted(notes, text);
        if (classic is not null && ClassicDirectory.SecretProblem(classic) is { } problem) note(problem);
        MuxrpcService muxrpc =
            await MuxrpcService.StartAsync(forPrograms, content.Methods, note, replication).ConfigureAwait(false);
        FlumeService service = new((claim, loggers), content, host, muxrpc, replication);
        try
        {
            service._server = await ListenAsync(service._site, address, cancel).ConfigureAwait(false);
            service._claim.AnswersAt(service.Address);
            service.LogStart(options);
            service._otlp = OtlpSender.Start(service._site);
            FlumeEngine engine = await service._starting.ConfigureAwait(false);
            if (classic is not null)
                await engine.OpenAsync(ClassicDirectory.Identity, classic, cancel).ConfigureAwait(false);
            return service;
        }
        catch
        {
            await service.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task<HttpServer> ListenAsync(ServerContext site, IPEndPoint address, CancellationToken cancel)
    {
        try
        {
            return await HttpServer.StartAsync(site, address, Endpoints.Map, cancel).ConfigureAwait(false);
        }
        catch (Exception error) when (AddressRefusedException.Of(address, error) is { } refused)
        {
            throw refused;
        }
    }

    private void LogStart(ServiceOptions options)
    {
        if (!_logger.IsEnabled(LogLevel.Information)) return;
        string directory = Path.GetFullPath(options.Classic ?? options.Directory);
        string configuration = options.ConfigFile is null ? "built in" : Path.GetFullPath(options.ConfigFile);
        string muxrpc = MuxrpcAddress is { } shs ? $"{shs}" : "off";
        string rest = $"HTTP {Address.ToString().TrimEnd('/')}, muxrpc {muxrpc}, process {Environment.ProcessId}, " +
            $"{RuntimeInformation.FrameworkDescription}{(options.Follow ? ", follows only" : "")}";
        ServiceLines.Started(_logger, FlumeVersion.Own, directory, configuration, rest);
    }

    /// <summary>Completes when the engine has ended, requested or not.</summary>
    public async Task EndedAsync() => await (await _starting.ConfigureAwait(false)).Stopped.ConfigureAwait(false);

    /// <summary>
    /// Opens every identity, or as many as may be open at once, so that their views catch up. Returns the
    /// reasons why some did not open.
    /// </summary>
    public async Task<IReadOnlyList<string>> OpenAllAsync(CancellationToken cancel)
    {
        List<string> refused = [];
        FlumeEngine engine = await _starting.WaitAsync(cancel).ConfigureAwait(false);
        foreach (string name in engine.NamesToOpen())
        {
            try
            {
                await Identities.FindAsync(name, cancel).ConfigureAwait(false);
            }
            catch (IdentityRejectedException error)
            {
                refused.Add(error.Message);
            }
        }

        _site.SetOpened();
        return refused;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        ServiceLines.Stopping(_logger);
        _site.Stop();
        if (_server is not null)
        {
            await _server.StopAsync().ConfigureAwait(false);
            await _server.DisposeAsync().ConfigureAwait(false);
        }

        if (_otlp is not null) await _otlp.DisposeAsync().ConfigureAwait(false);
        await _muxrpc.DisposeAsync().ConfigureAwait(false);
        await _replication.DisposeAsync().ConfigureAwait(false);
        await ((Task)_starting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_starting.IsCompletedSuccessfully)
            await (await _starting.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
        _meter.Dispose();
        _claim.Dispose();
        _site.Dispose();
        ServiceLines.Stopped(_logger);
        RepeatedNotes.OfProcess.SendTo(null);
        _loggers.Dispose(); // writes the lines that are queued
    }

    /// <summary>The views and methods that every identity has; plug-ins add to them.</summary>
    private sealed record Content(FlumeSettings Settings, ViewCatalog Views, ApiTable Methods)
    {
        /// <summary>The services of the engine.</summary>
        public EngineServices Services(ILoggerFactory loggers) => new(
            Settings, Settings.Choose(Views), new StoreResources(Settings.Store.ToLimits()), TimeProvider.System)
        {
            Loggers = loggers,
        };

        public static Content Load(FlumeSettings settings, ReplicationService replication)
        {
            ViewCatalog views = ProcessViews.Load(settings);
            try
            {
                return new Content(settings, views, ReplicationApi.Over(BuiltInApi.With(views), replication));
            }
            catch (ArgumentException clash)
            {
                throw settings.Reader.Wrong("flume.views.plugins", clash.Message);
            }
        }
    }
}
