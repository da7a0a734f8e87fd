namespace Flume.Actors;

/// <summary>Where an identity's files lie.</summary>
/// <param name="Log">The log: <c>log.offset</c>.</param>
/// <param name="Secret">The key pair, as ssb-keys writes it; need not exist.</param>
/// <param name="Own">Folder that Flume puts what it derives into: the rows, and what boxes opened to.</param>
public sealed record IdentityFiles(string Log, string Secret, string Own)
{
    /// <summary>The layout of an identity that Flume made: all in one folder.</summary>
    public static IdentityFiles In(string directory) => new(
        Path.Combine(directory, "log.offset"), Path.Combine(directory, "secret"), directory);

    /// <summary>The folder of all views' stores; may be deleted at any time while the identity is closed.</summary>
    public string Views => Path.Combine(Own, "views");

    /// <summary>Where one view's stores lie.</summary>
    internal string View(string name) => Path.Combine(Views, name);

    /// <summary>Where a registered view's stores lie: no view that comes with the process can have that name.</summary>
    internal string RegisteredView(string name) => Path.Combine(Views, RegisteredPrefix + name);

    /// <summary>What the folders of registered views begin with.</summary>
    internal const string RegisteredPrefix = "+";
}
