using System.Collections.Concurrent;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;

namespace Flume.Actors;

/// <summary>The contexts of all identities of this process, by name.</summary>
/// <remarks>A context is created once and kept: callers hold its session across restarts of its actors.</remarks>
internal sealed class IdentityRegistry(EngineServices services)
{
    private readonly ConcurrentDictionary<string, IdentityContext> _byName = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _byKey = new(StringComparer.Ordinal);

    /// <summary>The folder of the identities that Flume created.</summary>
    public string Root { get; } = Path.Combine(services.Settings.Directory, "identities");

    /// <summary>Names of the identities on disk and of those opened from other paths, in order.</summary>
    public IReadOnlyList<string> Names()
    {
        IEnumerable<string> onDisk = Directory.Exists(Root)
            ? Directory.EnumerateDirectories(Root).Select(folder => Path.GetFileName(folder)!)
            : [];
        return [.. onDisk.Union(_byName.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    /// <summary>True when an identity of that name is on disk or open.</summary>
    public bool Exists(string name) => _byName.ContainsKey(name) || Directory.Exists(Path.Combine(Root, name));

    /// <summary>When the log of an identity was written last; long ago when it has none.</summary>
    public DateTime LastWrite(string name) =>
        File.GetLastWriteTimeUtc(IdentityFiles.In(Path.Combine(Root, name)).Log);

    /// <summary>Writes the first files of a new identity; one caller at a time.</summary>
    /// <exception cref="IdentityRejectedException">
    /// The name is taken, or the disk refuses; no file is left then.
    /// </exception>
    public void Create(string name, IdentityKind kind)
    {
        if (Exists(name))
            throw new IdentityRejectedException(
                $"An identity is named '{name}' already. Open it, or choose another name.");
        IdentityFiles files = IdentityFiles.In(Path.Combine(Root, name));
        try
        {
            if (kind == IdentityKind.Ssb) SecretFile.ReadOrCreate(files.Secret);
            else IdentityKindFile.Write(files, kind);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            if (Directory.Exists(files.Own)) Directory.Delete(files.Own, recursive: true);
            throw new IdentityRejectedException(
                $"Identity '{name}' can't be created: {cause.Message}. No file of it is left. Free space, or give " +
                "the folder to the user that runs flume, and try again.", cause);
        }
    }

    // Two identities with one key pair would both publish with it and fork its feed.
    private void RefuseSharedKey(IdentityContext context)
    {
        if (context.Keys is not { } keys) return;
        string owner = _byKey.GetOrAdd(keys.Id, context.Name);
        if (owner == context.Name) return;
        _byName.TryRemove(context.Name, out _);
        throw new IdentityRejectedException(
            $"Identity '{context.Name}' has the same key pair as '{owner}', {keys.Id}. Two identities that publish " +
            "with one key fork its feed. Move one of the two folders away.");
    }

    /// <summary>The context of an identity, created at the first request.</summary>
    /// <param name="name">The identity's name.</param>
    /// <param name="files">The paths of its files; null for its folder below <see cref="Root"/>.</param>
    /// <exception cref="IdentityRejectedException">The name is invalid, or the secret can't be read.</exception>
    public IdentityContext Get(string name, IdentityFiles? files = null)
    {
        try
        {
            IdentityContext context = _byName.GetOrAdd(
                name, _ => new IdentityContext(name, files ?? IdentityFiles.In(Path.Combine(Root, name)), services));
            RefuseSharedKey(context);
            return context;
        }
        catch (Exception cause) when (cause is not (IdentityRejectedException or OutOfMemoryException))
        {
            throw new IdentityRejectedException($"Identity '{name}' can't be opened: {cause.Message}", cause);
        }
    }
}
