using Akka.Actor;
using Flume.Log.Primitives;
using Flume.Actors.Hosting;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;
using Flume.Views;
using Flume.Views.Store;
using static Flume.Actors.Protocol.IdentityProtocol;
using static Flume.Actors.Protocol.IdentityManagerProtocol;

namespace Flume.Actors;

/// <summary>The engine of a process: identities to open and create, and one clean end for all of them.</summary>
/// <remarks>All a host needs to know of actors. Members may be called from any thread.</remarks>
public sealed class FlumeEngine : IAsyncDisposable, IDisposable
{
    private readonly EngineServices _parts;
    private readonly IdentityRegistry _places;
    private readonly ActorSystem _system;
    private readonly IActorRef _pub;
    private readonly IActorRef _router;
    private readonly Lock _handing = new();
    private readonly Dictionary<string, IdentityClient> _handed = new(StringComparer.Ordinal);

    private FlumeEngine(EngineServices parts)
    {
        _parts = parts;
        _places = new(parts);
        _system = ActorSystem.Create("flume", LoggerBridge.Setup(parts.Settings.Akka, parts.Loggers));
        _system.ActorOf(Props.Create(() => new DeadLetterResponder()), "lost-messages");
        _pub = _system.ActorOf(Props.Create(() => new IdentityManagerActor(_places)), "pub");
        try
        {
            _router = IdentityRouting.Start(_system, _pub);
        }
        catch
        {
            _system.Terminate();
            throw;
        }

        AddToShutdown(CoordinatedShutdown.Get(_system));
    }

    /// <summary>The settings it runs with.</summary>
    public FlumeSettings Settings => _parts.Settings;

    /// <summary>Names of all identities: those in the data folder, and those opened from elsewhere; in order.</summary>
    public IReadOnlyList<string> Names => _places.Names();

    /// <summary>Bytes that cached table blocks take, all stores together.</summary>
    public long CachedBytes => _parts.Stores.CachedBytes;

    /// <summary>Completes when the engine has stopped, for whatever reason.</summary>
    public Task Stopped => _system.WhenTerminated;

    /// <summary>Starts an engine; it opens no identity by itself.</summary>
    /// <param name="settings">Checked settings.</param>
    /// <param name="catalog">The views that every identity keeps; null for those of <see cref="FlumeSettings.LoadViews"/>.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <exception cref="SettingsException">A view that the settings name can't be had.</exception>
    public static FlumeEngine Start(FlumeSettings settings, ViewCatalog? catalog = null, TimeProvider? time = null) =>
        Start(new EngineServices(
            settings, catalog is null ? settings.LoadViews() : settings.Choose(catalog), new StoreResources(settings.Store.ToLimits()),
            time ?? TimeProvider.System));

    /// <summary>Starts an engine of parts that a test may have replaced.</summary>
    internal static FlumeEngine Start(EngineServices parts)
    {
        OwnerFile.CreateFolder(parts.Settings.Directory);
        return new FlumeEngine(parts);
    }

    /// <summary>Opens an identity that exists; the same object each time.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="files">Where its files lie; null for its folder in the data folder.</param>
    /// <param name="cancel">Stops the waiting, not the opening.</param>
    /// <exception cref="IdentityRejectedException">There is none of that name, or it can't be opened, and why.</exception>
    public Task<IIdentity> OpenAsync(string name, IdentityFiles? files = null, CancellationToken cancel = default)
    {
        if (files is null && !_places.Exists(name))
        {
            string known = Names.Count == 0 ? "There are none yet" : $"Identities are {string.Join(", ", Names)}";
            throw new IdentityRejectedException($"No identity is named '{name}'. {known}.");
        }

        return ActivateAsync(name, files, cancel);
    }

    /// <summary>Creates an identity of the kind that <c>flume.identities.kind</c> says, and opens it.</summary>
    /// <exception cref="IdentityRejectedException">The name is taken, or can't name an identity.</exception>
    public Task<IIdentity> CreateAsync(string name, CancellationToken cancel = default) =>
        CreateAsync(name, Settings.Identities.Kind, cancel);

    /// <summary>Creates an identity with an empty log, an SSB identity with fresh keys too, and opens it.</summary>
    /// <exception cref="IdentityRejectedException">The name is taken, or can't name an identity.</exception>
    public Task<IIdentity> CreateAsync(string name, IdentityKind kind, CancellationToken cancel = default)
    {
        IdentityName.Check(name);
        if (_places.Exists(name)) throw new IdentityRejectedException($"An identity is named '{name}' already. Open it, or choose another name.");
        IdentityFiles files = IdentityFiles.In(Path.Combine(_places.Root, name));
        if (kind == IdentityKind.Ssb) SecretFile.ReadOrCreate(files.Secret);
        else IdentityKindFile.Write(files, kind);
        return ActivateAsync(name, null, cancel);
    }

    /// <summary>Stops in order: appends are refused, groups finished, rows flushed, identities closed.</summary>
    public async Task StopAsync()
    {
        await CoordinatedShutdown.Get(_system).Run(CoordinatedShutdown.ActorSystemTerminateReason.Instance).ConfigureAwait(false);
        await _system.WhenTerminated.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync().ConfigureAwait(false);

    /// <summary>As <see cref="DisposeAsync"/>, for containers that dispose synchronously; it waits.</summary>
    public void Dispose() => StopAsync().GetAwaiter().GetResult();

    /// <summary>The actor system, for tests that disturb it.</summary>
    internal ActorSystem System => _system;

    private async Task<IIdentity> ActivateAsync(string name, IdentityFiles? files, CancellationToken cancel)
    {
        IdentityContext context = _places.Get(name, files);
        var calls = new IdentityCalls(name, _router, Settings.Identities.AnswerWithin, Stopped);
        await calls.AskAsync<Activated>(new Activate(), Settings.Identities.OpenWithin, cancel).ConfigureAwait(false);
        lock (_handing)
        {
            if (!_handed.TryGetValue(name, out IdentityClient? identity)) _handed[name] = identity = new(context, calls);
            return identity;
        }
    }

    private void AddToShutdown(CoordinatedShutdown shutdown)
    {
        TimeSpan within = Settings.Identities.CloseWithin;
        shutdown.AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, "refuse-appends", async () =>
        {
            await _pub.Ask<AppendsRefused>(new RefuseAppends(), within).ConfigureAwait(false);
            return Akka.Done.Instance;
        });
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "close-identities", async () =>
        {
            await _pub.Ask<AllClosed>(new CloseAll(), within).ConfigureAwait(false);
            return Akka.Done.Instance;
        });
    }
}
