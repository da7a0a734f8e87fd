namespace Flume.Host.Serving;

/// <summary>Where the files of one identity lie.</summary>
/// <param name="Name">The identity's name.</param>
/// <param name="Log">The log.</param>
/// <param name="Secret">The key pair; may be missing.</param>
/// <param name="Views">The folder of all view stores; may be missing.</param>
internal sealed record IdentityFiles(string Name, string Log, string Secret, string Views)
{
    /// <summary>The name that the identity of a classic directory goes by.</summary>
    public const string ClassicName = "ssb";

    /// <summary>An identity in a data directory of Flume.</summary>
    public static IdentityFiles In(string directory, string name)
    {
        string home = Path.Combine(directory, "identities", name);
        return new(name, Path.Combine(home, "log.offset"), Path.Combine(home, "secret"), Path.Combine(home, "views"));
    }

    /// <summary>The identity of a classic <c>~/.ssb</c>: its own log and secret, and our views under <c>flume-net</c>.</summary>
    public static IdentityFiles Classic(string directory) => new(
        ClassicName,
        Path.Combine(directory, "flume", "log.offset"),
        Path.Combine(directory, "secret"),
        Path.Combine(directory, "flume-net", "views"));
}
