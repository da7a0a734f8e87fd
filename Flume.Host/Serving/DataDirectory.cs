using Flume.Actors;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;

namespace Flume.Host.Serving;

/// <summary>
/// The directory of verbs that work without a server: <c>DIR/identities/NAME/…</c>, or Flume's folder in a classic one.
/// </summary>
internal sealed class DataDirectory(string path)
{
    private readonly string _identities = System.IO.Path.Combine(System.IO.Path.GetFullPath(path), "identities");

    /// <summary>The absolute path of the directory with the lock and the journal.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>The files of the one identity of a classic directory; null for a data directory.</summary>
    public IdentityFiles? ClassicFiles { get; private init; }

    /// <summary>The path as users know it: the directory, or the classic directory.</summary>
    public string Shown => ClassicFiles is null ? Path : System.IO.Path.GetDirectoryName(Path)!;

    /// <summary>A classic directory, which has one identity.</summary>
    /// <exception cref="DirectoryNotFoundException">It holds neither a log nor a key pair.</exception>
    public static DataDirectory Classic(string ssb) =>
        new(ClassicDirectory.Own(ssb)) { ClassicFiles = ClassicDirectory.Files(ssb) };

    /// <summary>The names of the identities that have a log, in ordinal order.</summary>
    public IReadOnlyList<string> Names()
    {
        if (ClassicFiles is not null) return File.Exists(ClassicFiles.Log) ? [ClassicDirectory.Identity] : [];
        if (!Directory.Exists(_identities)) return [];
        List<string> names = [];
        foreach (string folder in Directory.EnumerateDirectories(_identities))
        {
            if (new DirectoryInfo(folder).LinkTarget is not null) continue;
            string name = System.IO.Path.GetFileName(folder);
            if (File.Exists(Identity(name).Log)) names.Add(name);
        }

        names.Sort(StringComparer.Ordinal);
        return names;
    }

    /// <summary>True if any file of the identity exists, even only a key pair.</summary>
    public bool HasIdentities => Directory.Exists(_identities) && Directory.EnumerateDirectories(_identities).Any();

    /// <summary>
    /// Refuses a name that the engine's rule excludes, or that HTTP reserves for an address.
    /// </summary>
    /// <exception cref="IdentityRejectedException">The name is invalid.</exception>
    public static void CheckName(string name)
    {
        IdentityName.Check(name);
        if (name == "identities")
            throw new IdentityRejectedException(
                "No identity can be named 'identities': /v1/identities is the list of them. Choose another name.");
    }

    /// <summary>Refuses a key pair that another identity of the directory has: two would publish with it.</summary>
    /// <exception cref="IOException">There is such an identity; it is named.</exception>
    public void RefuseTwin(string name, string? id, string advice)
    {
        foreach (string other in Names())
        {
            string secret = Identity(other).Secret;
            if (id is null || other == name || !File.Exists(secret) || SecretFile.Read(secret).Id != id) continue;
            throw new IOException(
                $"Identity '{other}' in {Path} has the same key {id}: '{name}' beside it would fork the feed. " +
                advice);
        }
    }

    /// <summary>The files of an identity, whether or not it exists.</summary>
    public IdentityFiles Identity(string name) =>
        ClassicFiles ?? IdentityFiles.In(System.IO.Path.Combine(_identities, name));
}
