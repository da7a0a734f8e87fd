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

    /// <summary>What is wrong with its key pair, in a sentence; null when nothing is.</summary>
    public static string? SecretProblem(IdentityFiles files)
    {
        const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead
            | UnixFileMode.OtherWrite;
        if (!File.Exists(files.Secret))
            return $"{files.Secret} is missing: private messages stay closed, and nothing is published.";
        bool isOpen = !OperatingSystem.IsWindows() && (File.GetUnixFileMode(files.Secret) & others) != 0;
        return isOpen ? $"Other users may read {files.Secret} and write in its name: set its mode to 0600." : null;
    }

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
