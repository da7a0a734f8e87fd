using System.Collections.Concurrent;
using Flume.Log;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;
using Flume.Views;
using Flume.Views.Records;
using Flume.Views.Registered;
using Flume.Views.Store;

namespace Flume.Actors;

/// <summary>Paths, keys, settings and view catalog of one identity. Opens nothing.</summary>
internal sealed class IdentityContext
{
    private readonly ConcurrentDictionary<string, ViewStores> _storesByView = new(StringComparer.Ordinal);
    private readonly StoreResources _stores;
    private volatile ViewCatalog _catalog;

    public IdentityContext(string name, IdentityFiles files, EngineServices services)
    {
        IdentityName.Check(name);
        files.RefuseLinks();
        Kind = IdentityKindFile.Read(files);
        (Name, Files, Settings, Time) = (name, files, services.Settings, services.Time);
        _catalog = IdentityViews.Of(Kind, services.Catalog.KeptFor(name));
        _stores = services.Stores;
        Session = new(Catalog, Settings.Views.FaultTries, Time);
        Keys = Kind == IdentityKind.Ssb && File.Exists(files.Secret) ? SecretFile.Read(files.Secret) : null;
        foreach (IView view in Catalog.Views)
            _storesByView[view.Name] = new(view, At(files.View(view.Name)), services.Stores);
        LogOptions options = services.LogOptions ?? LogFactory.OptionsFor(Settings, files, Time);
        Log = new(files.Log, options, Settings.Identities.FollowLockedLogs);
    }

    /// <summary>The identity's name.</summary>
    public string Name { get; }

    /// <summary>The kind of its records.</summary>
    public IdentityKind Kind { get; }

    /// <summary>The format of its records. Private messages need the open identity.</summary>
    public RecordFormat Format => IdentityViews.Format(Kind, Session.Boxes);

    /// <summary>The paths of its files.</summary>
    public IdentityFiles Files { get; }

    /// <summary>The process's settings.</summary>
    public FlumeSettings Settings { get; }

    /// <summary>Its views: those of the process, and its registered ones.</summary>
    public ViewCatalog Catalog => _catalog;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>Its key pair, or null.</summary>
    public FeedKeys? Keys { get; }

    /// <summary>Opens its log.</summary>
    public LogFactory Log { get; }

    /// <summary>The state that its actors publish.</summary>
    public IdentitySession Session { get; }

    /// <summary>The stores of one view.</summary>
    public ViewStores Stores(string view) => _storesByView[view];

    /// <summary>True while a view has not opened its store for the first time.</summary>
    public bool HasStartingViews =>
        _catalog.Views.Any(view => Session.Serving(view.Name)?.Tracker.IsStarting == true);

    /// <summary>Adds a registered view, or replaces the one of its name.</summary>
    public ServingView Keep(IRegisteredView view)
    {
        _storesByView.GetOrAdd(view.Name, name => new(view, At(Files.RegisteredView(name)), _stores)).ReplaceView(view);
        ServingView serving = Session.Keep(view, Settings.Views.FaultTries);
        _catalog = _catalog.With(view);
        return serving;
    }

    /// <summary>Removes a registered view, and its rows after the last reader has left.</summary>
    public void Drop(string view)
    {
        _catalog = _catalog.Without(view);
        Session.Drop(view);
        Stores(view).Clear();
    }

    private ViewStorePlace At(string folder) =>
        new(folder) { Feed = Keys?.Id, Log = () => Session.Log, Format = () => new SsbFormat(Session.Boxes) };

    /// <summary>Opens the cache of decrypted messages; null without keys.</summary>
    public UnboxCache? OpenBoxMemory() => Keys is null ? null : UnboxCache.Open(Files.Own, Keys);
}
