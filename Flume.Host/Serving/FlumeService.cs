using System.Net;
using Flume.Actors;
using Flume.Host.Http;
using Flume.Host.Metrics;
using Flume.Host.Muxrpc;
using Flume.Log;
using Flume.Ssb.Api;
using Flume.Views;

namespace Flume.Host.Serving;

/// <summary>The whole service: an engine, its identities, and HTTP and muxrpc before them.</summary>
/// <remarks>
/// Stops in this order: appends and new work are refused, requests under way finish and idle streams end, Scuttlebutt
/// programs get their goodbyes, the engine finishes its groups, flushes the rows of all views and closes the logs. An
/// error while starting stops what was started.
/// </remarks>
internal sealed class FlumeService : IAsyncDisposable
{
    private readonly DirectoryLock claim;
    private readonly Task<FlumeEngine> starting;
    private readonly ServerContext site;
    private readonly MuxrpcService muxrpc;
    private HttpServer? server;
    private OtlpSender? otlp;

    private FlumeService(DirectoryLock claim, Content content, HostSettings host, MuxrpcService muxrpc)
    {
        this.claim = claim;
        this.muxrpc = muxrpc;
        starting = Task.Run(() => FlumeEngine.Start(content.Settings, content.Views));
        site = new ServerContext(new EngineIdentities(starting, muxrpc), content.Methods, host.Http.Limits)
        {
            Access = host.Http.Access,
            Metrics = host.Metrics,
            Health = host.Health,
        };
    }

    /// <summary>Where it answers HTTP.</summary>
    public Uri Address => server!.Address;

    /// <summary>Where it answers secret handshakes; null when nowhere.</summary>
    public IPEndPoint? MuxrpcAddress => muxrpc.Address;

    /// <summary>The identities it serves.</summary>
    public IIdentities Identities => site.Identities;

    /// <summary>
    /// Starts everything, engine and HTTP side by side; when it returns, requests wait for what is still opening.
    /// </summary>
    /// <param name="options">What to serve, where.</param>
    /// <param name="note">Told, in a sentence, of what could not be done though the service runs.</param>
    /// <param name="cancel">Ends the start.</param>
    /// <exception cref="SettingsException">The configuration is wrong.</exception>
    /// <exception cref="DirectoryHeldException">Another process has the directory.</exception>
    /// <exception cref="LogLockedException">A JavaScript server has the classic directory.</exception>
    /// <exception cref="IOException">The address can't be listened on.</exception>
    public static async Task<FlumeService> StartAsync(
        ServiceOptions options, Action<string> note, CancellationToken cancel)
    {
        IdentityFiles? classic = options.Classic is null ? null : ClassicDirectory.Files(options.Classic);
        if (classic is not null && !options.Follow)
            JavaScriptServerLock.ThrowIfHeld(Path.GetDirectoryName(classic.Log)!);
        FlumeSettings settings = options.Settings();
        HostSettings host = HostSettings.Read(settings.Reader);
        IPEndPoint address = options.Address ?? host.Http.Address;
        host.Http.Access.RefuseOpenDoor(settings.Reader, address);
        MuxrpcSettings forPrograms = MuxrpcSettings.Read(settings.Reader);
        Content content = Content.Load(settings);
        DirectoryLock claim = DirectoryLock.Take(settings.Directory);
        MuxrpcService muxrpc =
            await MuxrpcService.StartAsync(forPrograms, content.Methods, note).ConfigureAwait(false);
        FlumeService service = new(claim, content, host, muxrpc);
        try
        {
            service.server = await HttpServer.StartAsync(
                service.site, address, Endpoints.Map, cancel).ConfigureAwait(false);
            service.claim.AnswersAt(service.Address);
            service.otlp = OtlpSender.Start(service.site);
            FlumeEngine engine = await service.starting.ConfigureAwait(false);
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

    /// <summary>Completes when the engine has ended, asked to or not.</summary>
    public async Task EndedAsync() => await (await starting.ConfigureAwait(false)).Stopped.ConfigureAwait(false);

    /// <summary>
    /// Opens every identity, so that their views go on where they stopped; returns why some could not be opened.
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
        site.Stop();
        if (server is not null)
        {
            await server.StopAsync().ConfigureAwait(false);
            await server.DisposeAsync().ConfigureAwait(false);
        }

        if (otlp is not null) await otlp.DisposeAsync().ConfigureAwait(false);
        await muxrpc.DisposeAsync().ConfigureAwait(false);
        await ((Task)starting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (starting.IsCompletedSuccessfully)
            await (await starting.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
        claim.Dispose();
        site.Dispose();
    }

    /// <summary>The views that every identity keeps, and the methods that read them: what plug-ins change.</summary>
    private sealed record Content(FlumeSettings Settings, ViewCatalog Views, ApiTable Methods)
    {
        public static Content Load(FlumeSettings settings)
        {
            ViewCatalog views = settings.LoadViews();
            try
            {
                return new Content(settings, views, BuiltInApi.With(views));
            }
            catch (ArgumentException clash)
            {
                throw settings.Reader.Wrong("flume.views.plugins", clash.Message);
            }
        }
    }
}
