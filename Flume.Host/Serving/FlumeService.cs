using System.Net;
using Flume.Actors;
using Flume.Host.Http;
using Flume.Host.Metrics;
using Flume.Host.Muxrpc;
using Flume.Log;
using Flume.Replication;
using Flume.Ssb.Api;
using Flume.Views;

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
    private HttpServer? _server;
    private OtlpSender? _otlp;

    private FlumeService(DirectoryLock claim, Content content, HostSettings host, MuxrpcService muxrpc, ReplicationService replication)
    {
        _replication = replication;
        _claim = claim;
        _muxrpc = muxrpc;
        _starting = Task.Run(() => FlumeEngine.Start(content.Settings, content.Views));
        _site = new ServerContext(new EngineIdentities(_starting, muxrpc, replication), content.Methods, host.Http.Limits)
        {
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
        host.Http.Access.RefuseOpenDoor(settings.Reader, options.Address ?? host.Http.Address, options.Address is not null);
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
    /// <param name="note">Receives one sentence about each optional part that failed while the service runs.</param>
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
        if (classic is not null && ClassicDirectory.SecretProblem(classic) is { } problem) note(problem);
        FlumeSettings settings = options.Settings();
        HostSettings host = HostSettings.Read(settings.Reader);
        IPEndPoint address = options.Address ?? host.Http.Address;
        host.Http.Access.RefuseOpenDoor(settings.Reader, address, isTyped: options.Address is not null);
        MuxrpcSettings forPrograms = MuxrpcSettings.Read(settings.Reader);
        ReplicationService replication = new(ReplicationSettings.Read(settings.Reader), forPrograms.Network);
        Content content = Content.Load(settings, replication);
        DirectoryLock claim = DirectoryLock.Take(settings.Directory);
        MuxrpcService muxrpc =
            await MuxrpcService.StartAsync(forPrograms, content.Methods, note, replication).ConfigureAwait(false);
        FlumeService service = new(claim, content, host, muxrpc, replication);
        try
        {
            service._server = await ListenAsync(service._site, address, cancel).ConfigureAwait(false);
            service._claim.AnswersAt(service.Address);
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

    /// <summary>Completes when the engine has ended, requested or not.</summary>
    public async Task EndedAsync() => await (await _starting.ConfigureAwait(false)).Stopped.ConfigureAwait(false);

    /// <summary>
    /// Opens every identity, so that its views catch up; returns the reasons why some did not open.
    /// </summary>
    public async Task<IReadOnlyList<string>> OpenAllAsync(CancellationToken cancel)
    {
        List<string> refused = [];
        foreach (string name in await Identities.NamesAsync(cancel).ConfigureAwait(false))
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

        return refused;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
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
        _claim.Dispose();
        _site.Dispose();
    }

    /// <summary>The views and methods that every identity has; plug-ins add to them.</summary>
    private sealed record Content(FlumeSettings Settings, ViewCatalog Views, ApiTable Methods)
    {
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
