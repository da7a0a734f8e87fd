using Akka.Actor;
using Flume.Actors.Hosting;
using Flume.Log.Primitives;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;
using Flume.Views;
using Flume.Views.Store;
using static Flume.Actors.Protocol.IdentityManagerProtocol;
using static Flume.Actors.Protocol.IdentityProtocol;

namespace Flume.Actors;

/// <summary>The engine of a process: opens and creates identities, and stops them in order.</summary>
/// <remarks>The only entry point of a host to the actors. Any thread may call its members.</remarks>
public sealed class FlumeEngine : IAsyncDisposable, IDisposable
{
    private readonly EngineServices _services;
    private readonly IdentityRegistry _registry;
    private readonly ActorSystem _system;
    private readonly IActorRef _manager;
    private readonly IActorRef _router;
    private readonly Lock _clientsLock = new();
    private readonly Lock _creating = new();
    private readonly Dictionary<string, IdentityClient> _clients = new(StringComparer.Ordinal);

    private FlumeEngine(EngineServices services)
    {
        _services = services;
        _registry = new(services);
        _system = ActorSystem.Create("flume", LoggerBridge.Setup(services.Settings.Akka, services.Loggers));
        _system.ActorOf(Props.Create(() => new DeadLetterResponder()), "lost-messages");
        int openMax = Settings.Identities.OpenMax;
        _manager = _system.ActorOf(Props.Create(() => new IdentityManagerActor(_registry, openMax)), "pub");
        try
        {
            _router = IdentityRouting.Start(_system, _manager);
        }
        catch
        {
            _system.Terminate();
            throw;
        }

        AddToShutdown(CoordinatedShutdown.Get(_system));
    }

    /// <summary>The settings of this engine.</summary>
    public FlumeSettings Settings => _services.Settings;

    /// <summary>
    /// Names of all identities, in order: those in the data folder, and those opened from other paths.
    /// </summary>
    public IReadOnlyList<string> Names => _registry.Names();

    /// <summary>True when <see cref="Names"/> has the name; without listing them.</summary>
    internal bool Has(string name) => _registry.Exists(name);

    /// <summary>
    /// The identities that a start opens: all, or as many as may be open at once, those whose logs were written last.
    /// </summary>
    internal IReadOnlyList<string> NamesToOpen()
    {
        IReadOnlyList<string> names = Names;
        return names.Count <= Settings.Identities.OpenMax ? names
            : [.. names.OrderByDescending(_registry.LastWrite).Take(Settings.Identities.OpenMax)];
    }

    /// <summary>Bytes of the table blocks that all stores together have cached.</summary>
    public long CachedBytes => _services.Stores.CachedBytes;

    /// <summary>Completes when the engine has stopped, by a call or by a failure.</summary>
    public Task Stopped => _system.WhenTerminated;

    /// <summary>Starts an engine without opening an identity.</summary>
    /// <param name="settings">Checked settings.</param>
    /// <param name="catalog">
    /// The views of every identity; null for those of <see cref="FlumeSettings.LoadViews"/>.
    /// </param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <exception cref="SettingsException">The settings name a view that does not exist or can't be loaded.</exception>
    public static FlumeEngine Start(FlumeSettings settings, ViewCatalog? catalog = null, TimeProvider? time = null) =>
        Start(new EngineServices(
            settings,
            catalog is null ? settings.LoadViews() : settings.Choose(catalog),
            new StoreResources(settings.Store.ToLimits()),
            time ?? TimeProvider.System));

    /// <summary>Starts an engine with services that a test may have replaced.</summary>
    internal static FlumeEngine Start(EngineServices services)
    {
        OwnerFile.CreateFolder(services.Settings.Directory);
        return new FlumeEngine(services);
    }

    /// <summary>Opens an existing identity; repeated calls return the same object.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="files">The paths of its files; null for its folder in the data folder.</param>
    /// <param name="cancel">Cancels the wait; the opening continues.</param>
    /// <exception cref="IdentityRejectedException">The identity does not exist or can't be opened.</exception>
    public Task<IIdentity> OpenAsync(string name, IdentityFiles? files = null, CancellationToken cancel = default)
    {
        if (files is null && !_registry.Exists(name))
        {
            string known = Names.Count == 0 ? "There are none yet" : $"Identities are {string.Join(", ", Names)}";
            throw new IdentityRejectedException($"No identity is named '{name}'.{Spelling.Hint(name, Names)} {known}.");
        }

        return ActivateAsync(name, files, cancel);
    }

    /// <summary>Creates an identity of the kind that <c>flume.identities.kind</c> configures, and opens it.</summary>
    /// <exception cref="IdentityRejectedException">The name is in use or is invalid.</exception>
    public Task<IIdentity> CreateAsync(string name, CancellationToken cancel = default) =>
        CreateAsync(name, Settings.Identities.Kind, cancel);

    /// <summary>Creates an identity with an empty log and opens it. An SSB identity gets fresh keys.</summary>
    /// <exception cref="IdentityRejectedException">The name is in use or is invalid.</exception>
    public Task<IIdentity> CreateAsync(string name, IdentityKind kind, CancellationToken cancel = default)
    {
        IdentityName.Check(name);
        lock (_creating) _registry.Create(name, kind);
        return ActivateAsync(name, null, cancel);
    }

    /// <summary>
    /// Stops in order: refuses appends, finishes the accepted ones, flushes rows, closes the identities.
    /// </summary>
    public async Task StopAsync()
    {
        await CoordinatedShutdown.Get(_system)
            .Run(CoordinatedShutdown.ActorSystemTerminateReason.Instance)
            .ConfigureAwait(false);
        await _system.WhenTerminated.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync().ConfigureAwait(false);

    /// <summary>
    /// <see cref="DisposeAsync"/> for containers that dispose synchronously; blocks until the engine has stopped.
    /// </summary>
    public void Dispose() => StopAsync().GetAwaiter().GetResult();

    /// <summary>The actor system; for fault tests.</summary>
    internal ActorSystem System => _system;

    private async Task<IIdentity> ActivateAsync(string name, IdentityFiles? files, CancellationToken cancel)
    {
        IdentityContext context = _registry.Get(name, files);
        var calls = new IdentityCalls(context, _router, Settings.Identities.AnswerWithin, Stopped);
        await calls.AskAsync<Activated>(new Activate(), Settings.Identities.OpenWithin, cancel).ConfigureAwait(false);
        lock (_clientsLock)
        {
            if (!_clients.TryGetValue(name, out IdentityClient? identity))
                _clients[name] = identity = new(context, calls);
            return identity;
        }
    }

    private void AddToShutdown(CoordinatedShutdown shutdown)
    {
        TimeSpan within = Settings.Identities.CloseWithin;
        shutdown.AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, "refuse-appends", async () =>
        {
            await _manager.Ask<AppendsRefused>(new RefuseAppends(), within).ConfigureAwait(false);
            return Akka.Done.Instance;
        });
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "close-identities", async () =>
        {
            await _manager.Ask<AllClosed>(new CloseAll(), within).ConfigureAwait(false);
            return Akka.Done.Instance;
        });
    }
}
