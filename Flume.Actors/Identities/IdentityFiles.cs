using Flume.Log;

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

    /// <summary>True when the log lies in Flume's own folder, not in a classic directory.</summary>
    public bool IsOwnLayout => Path.GetDirectoryName(Log) == Path.TrimEndingDirectorySeparator(Own);

    /// <summary>
    /// Refuses an identity of which the folder, the log or the key pair is a symbolic link: what it names may be anything,
    /// and the end of a log is cut.
    /// </summary>
    /// <remarks>In a classic directory links are its owner's own layout.</remarks>
    /// <exception cref="LogFormatException">One of them is a link.</exception>
    public void RefuseLinks()
    {
        if (!IsOwnLayout) return;
        foreach (FileSystemInfo part in (FileSystemInfo[])[new DirectoryInfo(Own), new FileInfo(Log), new FileInfo(Secret)])
        {
            if (part.LinkTarget is { } target)
                throw new LogFormatException(
                    $"{part.FullName} is a symbolic link to {target}, and Flume follows none out of an identity's folder. " +
                    "Nothing was changed. Put the file or folder itself there, or import the log.");
        }
    }

    /// <summary>The folder of all views' stores; may be deleted at any time while the identity is closed.</summary>
    public string Views => Path.Combine(Own, "views");

    /// <summary>Where one view's stores lie.</summary>
    internal string View(string name) => Path.Combine(Views, name);

    /// <summary>Where a registered view's stores lie: no view that comes with the process can have that name.</summary>
    internal string RegisteredView(string name) => Path.Combine(Views, RegisteredPrefix + name);

    /// <summary>What the folders of registered views begin with.</summary>
    internal const string RegisteredPrefix = "+";
}
