using Flume.Actors;
using Flume.Log;
using Flume.Ssb.Messages;

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

    /// <summary>Refuses to write a log that a JavaScript server uses, or that is of another network.</summary>
    /// <exception cref="LogLockedException">A JavaScript server uses it.</exception>
    /// <exception cref="IOException">Its messages are signed with another network's key.</exception>
    public static void RefuseForeign(IdentityFiles files)
    {
        JavaScriptServerLock.ThrowIfHeld(Path.GetDirectoryName(files.Log)!);
        if (!File.Exists(files.Log)) return;
        using OffsetLog log = OffsetLog.Open(files.Log, new LogOptions { ReadOnly = true });
        if (SigningNetwork.FaultOf(log) is { } fault) throw new IOException($"{fault} With --follow it is only read.");
    }

    /// <summary>
    /// The files of its identity. A new user has a key pair and no log yet: it begins with the first message.
    /// </summary>
    /// <exception cref="DirectoryNotFoundException">The directory holds neither a log nor a key pair.</exception>
    public static IdentityFiles Files(string directory)
    {
        string root = Path.GetFullPath(directory);
        string log = Path.Combine(root, "flume", "log.offset");
        string secret = Path.Combine(root, "secret");
        if (!File.Exists(log) && !File.Exists(secret))
        {
            throw new DirectoryNotFoundException(
                $"{root} is no classic ssb directory: {log} and {secret} are missing. " +
                "Expected the folder that holds 'flume' and 'secret', e.g. ~/.ssb.");
        }

        return new IdentityFiles(log, secret, Own(directory));
    }
}
