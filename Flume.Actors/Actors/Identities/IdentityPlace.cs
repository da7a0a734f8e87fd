using Flume.Codec.Messages;
using Flume.Log;
using Flume.Views;

namespace Flume.Actors;

/// <summary>Everything an identity's actors need to open their resources, and none of them open.</summary>
internal sealed class IdentityPlace
{
    private readonly Dictionary<string, ViewHome> _homes = new(StringComparer.Ordinal);

    public IdentityPlace(string name, IdentityFiles files, EngineParts parts)
    {
        IdentityName.Check(name);
        (Name, Files, Settings, Catalog, Time) = (name, files, parts.Settings, parts.Catalog, parts.Time);
        foreach (IView view in Catalog.Views) _homes[view.Name] = new(view, files.View(view.Name), parts.Stores);
        Board = new(Catalog, Settings.Views.FaultTries, Time);
        Keys = File.Exists(files.Secret) ? SecretFile.Read(files.Secret) : null;
        LogOptions options = parts.LogOptions ?? LogOpener.OptionsFor(Settings, !File.Exists(files.Log), Time);
        Log = new(files.Log, options, Settings.Identities.FollowLockedLogs);
    }

    /// <summary>The identity's name.</summary>
    public string Name { get; }

    /// <summary>Where its files lie.</summary>
    public IdentityFiles Files { get; }

    /// <summary>The process's settings.</summary>
    public FlumeSettings Settings { get; }

    /// <summary>The views it keeps.</summary>
    public ViewCatalog Catalog { get; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>Its key pair, or null.</summary>
    public FeedKeys? Keys { get; }

    /// <summary>How its log is opened.</summary>
    public LogOpener Log { get; }

    /// <summary>What its actors publish.</summary>
    public IdentityBoard Board { get; }

    /// <summary>The stores of one view.</summary>
    public ViewHome Home(string view) => _homes[view];

    /// <summary>Opens what the identity's boxes opened to before; null without keys.</summary>
    public BoxMemory? OpenBoxMemory() => Keys is null ? null : BoxMemory.Open(Files.Own, Keys);
}
