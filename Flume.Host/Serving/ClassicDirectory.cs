using Flume.Actors;

namespace Flume.Host.Serving;

/// <summary>
/// A classic <c>~/.ssb</c> that is served in place: its own log and key pair, and Flume's views below <c>flume-net</c>.
/// </summary>
internal static class ClassicDirectory
{
    /// <summary>The name of its identity.</summary>
    public const string Identity = "ssb";

    /// <summary>Flume's folder inside it; no JavaScript server uses this name.</summary>
    public static string Own(string directory) => Path.Combine(Path.GetFullPath(directory), "flume-net");

    /// <summary>The files of its identity.</summary>
    /// <exception cref="DirectoryNotFoundException">The directory holds no log.</exception>
    public static IdentityFiles Files(string directory)
    {
        string root = Path.GetFullPath(directory);
        string log = Path.Combine(root, "flume", "log.offset");
        if (!File.Exists(log))
        {
            throw new DirectoryNotFoundException(
                $"{root} is no classic ssb directory: {log} is missing. " +
                "Expected the folder that holds 'flume' and 'secret', e.g. ~/.ssb.");
        }

        return new IdentityFiles(log, Path.Combine(root, "secret"), Own(directory));
    }
}
