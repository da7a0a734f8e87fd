using Flume.Actors;

namespace Flume.Host.Serving;

/// <summary>
/// A classic <c>~/.ssb</c>, served where it is: its own log and key pair, and what we derive under <c>flume-net</c>.
/// </summary>
internal static class ClassicDirectory
{
    /// <summary>The name that its identity goes by.</summary>
    public const string Identity = "ssb";

    /// <summary>Our folder in it: a name that no JavaScript server uses.</summary>
    public static string Own(string directory) => Path.Combine(Path.GetFullPath(directory), "flume-net");

    /// <summary>The files of its identity.</summary>
    /// <exception cref="DirectoryNotFoundException">It holds no log.</exception>
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
