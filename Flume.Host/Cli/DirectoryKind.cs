using Flume.Host.Backup;
using Flume.Host.Serving;

namespace Flume.Host.Cli;

/// <summary>Recognizes what a directory is, and refuses one that is not what a verb works on.</summary>
internal static class DirectoryKind
{
    /// <summary>A data directory that exists.</summary>
    /// <exception cref="VerbException">
    /// It is something else; the message says what, and which option is meant.
    /// </exception>
    public static DataDirectory Existing(string path)
    {
        string full = Path.GetFullPath(path);
        RefuseOther(full);
        if (!Directory.Exists(full))
            throw VerbException.Usage($"There is no directory {full}. Expected the one that 'flume serve --data' has.");
        if (!IsData(full))
        {
            throw VerbException.Usage(
                $"{full} is no data directory: it has no folder 'identities'. Expected the one that 'flume serve --data' has; " +
                $"'flume create NAME --data {path}' makes an identity there.");
        }

        return new DataDirectory(full);
    }

    /// <summary>A data directory, or a place where one can be made.</summary>
    /// <exception cref="VerbException">The directory is something else.</exception>
    public static DataDirectory Creatable(string path)
    {
        string full = Path.GetFullPath(path);
        if (File.Exists(full)) throw VerbException.Usage(
            $"{full} is a file. Expected a data directory, or a name for a new one.");
        RefuseOther(full);
        return new DataDirectory(full);
    }

    /// <summary>A classic ssb directory, with Flume's own folder in it.</summary>
    /// <exception cref="VerbException">It holds neither a log nor a key pair.</exception>
    public static DataDirectory Classic(string path)
    {
        string full = Path.GetFullPath(path);
        if (IsClassic(full)) return DataDirectory.Classic(full);
        string meant = IsData(full) ? $"It is a data directory: give it as --data {path}."
            : Path.GetDirectoryName(full) is { } parent && IsClassic(parent) ? $"Its parent is one: --ssb {parent}."
            : "Expected the folder that holds 'flume' and 'secret', e.g. ~/.ssb.";
        throw VerbException.Usage(
            $"{full} is no classic ssb directory: {LogOf(full)} and {Path.Combine(full, "secret")} are missing. {meant}");
    }

    private static void RefuseOther(string full)
    {
        if (IsData(full)) return;
        string name = Path.GetFileName(full);
        if (IsClassic(full) && !File.Exists(Path.Combine(full, "log.offset")))
            throw VerbException.Usage(
                $"{full} is a classic ssb directory, not a data directory: give it as --ssb {full}.");
        if (File.Exists(Path.Combine(full, BackupManifest.FileName)))
            throw VerbException.Usage(
                $"{full} is a backup: 'flume restore {full} --data DIR' makes a data directory of it.");
        if (Path.GetDirectoryName(full) is not { } parent) return;
        if (name == "identities" && IsData(parent))
            throw VerbException.Usage($"{full} is a part of the data directory {parent}: give --data {parent}.");
        if (Path.GetFileName(parent) == "identities" && Path.GetDirectoryName(parent) is { } data && IsData(data))
        {
            throw VerbException.Usage(
                $"{full} is the folder of one identity: give --data {data} and, where there are several, --identity {name}.");
        }

        if (name is "flume" or "flume-net" && IsClassic(parent))
            throw VerbException.Usage($"{full} is a part of the classic ssb directory {parent}: give --ssb {parent}.");
    }

    // A service without identities has made its lock and its journal alone.
    private static bool IsData(string full) =>
        Directory.Exists(Path.Combine(full, "identities")) || (!IsClassic(full) &&
        (File.Exists(Path.Combine(full, "serving.lock")) || File.Exists(Path.Combine(full, "journal.offset"))));

    private static bool IsClassic(string full) => File.Exists(LogOf(full)) || File.Exists(Path.Combine(full, "secret"));

    private static string LogOf(string full) => Path.Combine(full, "flume", "log.offset");
}
