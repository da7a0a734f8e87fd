using System.Collections.Concurrent;
using Flume.Ssb.Api;

namespace Flume.Actors;

/// <summary>The places of all identities of this process, by name.</summary>
/// <remarks>A place is made once and kept: callers hold its board across restarts of its actors.</remarks>
internal sealed class IdentityRegistry(EngineServices parts)
{
    private readonly ConcurrentDictionary<string, IdentityContext> _byName = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _byKey = new(StringComparer.Ordinal);

    /// <summary>The folder that holds the identities that Flume made.</summary>
    public string Root { get; } = Path.Combine(parts.Settings.Directory, "identities");

    /// <summary>Names of the identities on disk and those opened from elsewhere, in order.</summary>
    public IReadOnlyList<string> Names()
    {
        IEnumerable<string> onDisk = Directory.Exists(Root)
            ? Directory.EnumerateDirectories(Root).Select(folder => Path.GetFileName(folder)!)
            : [];
        return [.. onDisk.Union(_byName.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    /// <summary>True when an identity of that name is on disk or open.</summary>
    public bool Exists(string name) => _byName.ContainsKey(name) || Directory.Exists(Path.Combine(Root, name));

    // Two identities of one key pair would both publish with it, and fork its feed.
    private void RefuseTwin(IdentityContext context)
    {
        if (context.Keys is not { } keys) return;
        string owner = _byKey.GetOrAdd(keys.Id, context.Name);
        if (owner == context.Name) return;
        _byName.TryRemove(context.Name, out _);
        throw new IdentityRejectedException(
            $"Identity '{context.Name}' has the same key pair as '{owner}', {keys.Id}: two that publish with one key fork " +
            $"its feed. Move the folder of one of them away.");
    }

    /// <summary>The place of an identity; made when it is first asked for.</summary>
    /// <param name="name">The identity's name.</param>
    /// <param name="files">Where its files lie; null for its folder below <see cref="Root"/>.</param>
    /// <exception cref="IdentityRejectedException">The name can't be one, or its secret can't be read.</exception>
    public IdentityContext Get(string name, IdentityFiles? files = null)
    {
        try
        {
            IdentityContext context = _byName.GetOrAdd(
                name, _ => new IdentityContext(name, files ?? IdentityFiles.In(Path.Combine(Root, name)), parts));
            RefuseTwin(context);
            return context;
        }
        catch (Exception cause) when (cause is not (IdentityRejectedException or OutOfMemoryException))
        {
            throw new IdentityRejectedException($"Identity '{name}' can't be opened: {cause.Message}", cause);
        }
    }
}
