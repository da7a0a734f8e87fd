using Flume.Log;

namespace Flume.Actors;

/// <summary>The paths of an identity's files.</summary>
/// <param name="Log">The log: <c>log.offset</c>.</param>
/// <param name="Secret">The key pair, as ssb-keys writes it; need not exist.</param>
/// <param name="Own">The folder of Flume's derived data: the rows and the cache of decrypted messages.</param>
public sealed record IdentityFiles(string Log, string Secret, string Own)
{
    /// <summary>The layout of an identity that Flume created: all files in one folder.</summary>
    public static IdentityFiles In(string directory) => new(
        Path.Combine(directory, "log.offset"), Path.Combine(directory, "secret"), directory);

    /// <summary>True when the log is in Flume's own folder, not in a classic directory.</summary>
    public bool IsOwnLayout => Path.GetDirectoryName(Log) == Path.TrimEndingDirectorySeparator(Own);

    /// <summary>
    /// Refuses an identity whose folder, log or key pair is a symbolic link: its target may be any file, and recovery
    /// cuts the end of a log.
    /// </summary>
    /// <remarks>Links in a classic directory are allowed: its owner chose that layout.</remarks>
    /// <exception cref="LogFormatException">One of the paths is a link.</exception>
    public void RefuseLinks()
    {
        if (!IsOwnLayout) return;
        FileSystemInfo[] paths = [new DirectoryInfo(Own), new FileInfo(Log), new FileInfo(Secret)];
        foreach (FileSystemInfo path in paths)
        {
            if (path.LinkTarget is { } target)
                throw new LogFormatException(
                    $"{path.FullName} is a symbolic link to {target}, and Flume follows no link out of an identity's " +
                    "folder. Nothing was changed. Replace the link by the file or folder, or import the log.");
        }
    }

    /// <summary>The folder of all views' stores. It may be deleted while the identity is closed.</summary>
    public string Views => Path.Combine(Own, "views");

    /// <summary>The folder of one view's stores.</summary>
    internal string View(string name) => Path.Combine(Views, name);

    /// <summary>The folder of a registered view's stores; no built-in view can have that name.</summary>
    internal string RegisteredView(string name) => Path.Combine(Views, RegisteredPrefix + name);

    /// <summary>The prefix of the folders of registered views.</summary>
    internal const string RegisteredPrefix = "+";
}
