using System.Collections.Concurrent;
using Flume.Log;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;
using Flume.Views;
using Flume.Views.Records;
using Flume.Views.Registered;
using Flume.Views.Store;

namespace Flume.Actors;

/// <summary>Everything an identity's actors need to open their resources, and none of them open.</summary>
internal sealed class IdentityContext
{
    private readonly ConcurrentDictionary<string, ViewStores> _storesByView = new(StringComparer.Ordinal);
    private readonly StoreResources _stores;
    private volatile ViewCatalog _catalog;

    public IdentityContext(string name, IdentityFiles files, EngineServices parts)
    {
        IdentityName.Check(name);
        files.RefuseLinks();
        Kind = IdentityKindFile.Read(files);
        (Name, Files, Settings, Time) = (name, files, parts.Settings, parts.Time);
        _catalog = IdentityViews.Of(Kind, parts.Catalog.KeptFor(name));
        _stores = parts.Stores;
        Session = new(Catalog, Settings.Views.FaultTries, Time);
        Keys = Kind == IdentityKind.Ssb && File.Exists(files.Secret) ? SecretFile.Read(files.Secret) : null;
        foreach (IView view in Catalog.Views) _storesByView[view.Name] = new(view, At(files.View(view.Name)), parts.Stores);
        LogOptions options = parts.LogOptions ?? LogFactory.OptionsFor(Settings, !File.Exists(files.Log), Time);
        Log = new(files.Log, options, Settings.Identities.FollowLockedLogs);
    }

    /// <summary>The identity's name.</summary>
    public string Name { get; }

    /// <summary>What its records are.</summary>
    public IdentityKind Kind { get; }

    /// <summary>How its records are decoded, once it is open.</summary>
    public RecordFormat Format => IdentityViews.Format(Kind, Session.Boxes);

    /// <summary>Where its files lie.</summary>
    public IdentityFiles Files { get; }

    /// <summary>The process's settings.</summary>
    public FlumeSettings Settings { get; }

    /// <summary>The views it keeps: those of the process, and those registered with it.</summary>
    public ViewCatalog Catalog => _catalog;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>Its key pair, or null.</summary>
    public FeedKeys? Keys { get; }

    /// <summary>How its log is opened.</summary>
    public LogFactory Log { get; }

    /// <summary>What its actors publish.</summary>
    public IdentitySession Session { get; }

    /// <summary>The stores of one view.</summary>
    public ViewStores Stores(string view) => _storesByView[view];

    /// <summary>True while some view has not opened its store for the first time.</summary>
    public bool HasStartingViews => _catalog.Views.Any(view => Session.Serving(view.Name)?.Tracker.IsStarting == true);

    /// <summary>Keeps a registered view from now on, in place of any of its name; its shelf.</summary>
    public ServingView Keep(IRegisteredView view)
    {
        _storesByView.GetOrAdd(view.Name, name => new(view, At(Files.RegisteredView(name)), _stores)).ReplaceView(view);
        ServingView serving = Session.Keep(view, Settings.Views.FaultTries);
        _catalog = _catalog.With(view);
        return serving;
    }

    /// <summary>Keeps a registered view no longer, and removes its rows once nobody reads them.</summary>
    public void Drop(string view)
    {
        _catalog = _catalog.Without(view);
        Session.Drop(view);
        Stores(view).Clear();
    }

    private ViewStorePlace At(string folder) =>
        new(folder) { Feed = Keys?.Id, Log = () => Session.Log, Format = () => new SsbFormat(Session.Boxes) };

    /// <summary>Opens what the identity's boxes opened to before; null without keys.</summary>
    public UnboxCache? OpenBoxMemory() => Keys is null ? null : UnboxCache.Open(Files.Own, Keys);
}
