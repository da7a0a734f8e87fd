using System.Text;
using Flume.Actors;
using Flume.Host.Serving;
using Flume.Log.Primitives;
using Flume.Ssb.Api;

namespace Flume.Host.Backup;

/// <summary>
/// The parts of a backup beside log, key pair and rows: the journal's events of the identity, blobs, invites and known
/// addresses.
/// </summary>
/// <remarks>
/// What peers claimed of feeds (<c>ebt/</c>) is not copied: a restored log may be older than those claims, and peers
/// send theirs anew.
/// </remarks>
internal static class BackupParts
{
    private const string EventsFile = "journal.jsonl", BlobsFolder = "blobs";

    private static readonly string[] ReplicationFiles =
        ["invites.json", "conn.json", Path.Combine(BlobsFolder, "pushed.json")];

    /// <summary>
    /// Writes the registered views, pauses, budgets and pending rebuilds of an identity, one JSON line each.
    /// </summary>
    public static void WriteEvents(IIdentity identity, string folder)
    {
        string journal = JournalOf(identity.Directory);
        IEnumerable<string> lines = IdentityEvents.Export(journal, identity.Name).Select(Encoding.UTF8.GetString);
        OwnerFile.Replace(Path.Combine(folder, EventsFile), Encoding.UTF8.GetBytes(string.Concat(lines.Select(Line))));
    }

    /// <summary>Stores the events of a backup for the restored identity.</summary>
    public static void RestoreEvents(string folder, string directory, string from, string to)
    {
        string path = Path.Combine(folder, EventsFile);
        if (!File.Exists(path)) return;
        byte[][] records = [.. File.ReadAllLines(path).Where(line => line.Length > 0).Select(Encoding.UTF8.GetBytes)];
        if (records.Length > 0) IdentityEvents.Import(IdentityEvents.JournalIn(directory), from, to, records);
    }

    /// <summary>
    /// Copies the blobs that the backup lacks. A blob never changes, so one of the same length is the same.
    /// </summary>
    public static void CopyBlobs(string blobs, string folder, CancellationToken cancel)
    {
        string from = Path.Combine(blobs, "sha256");
        if (!Directory.Exists(from)) return;
        foreach (FileInfo blob in new DirectoryInfo(from).EnumerateFiles("*", SearchOption.AllDirectories))
        {
            cancel.ThrowIfCancellationRequested();
            string to = Path.Combine(folder, BlobsFolder, Path.GetRelativePath(blobs, blob.FullName));
            if (new FileInfo(to) is { Exists: true } known && known.Length == blob.Length) continue;
            OwnerFile.CreateFolder(Path.GetDirectoryName(to)!);
            CopyFile(blob.FullName, to);
        }
    }

    /// <summary>
    /// Copies what replication keeps beside the log. A file that the source lacks is removed from the copy.
    /// </summary>
    public static void CopyReplication(string from, string to)
    {
        foreach (string name in ReplicationFiles)
        {
            string source = Path.Combine(from, name), target = Path.Combine(to, name);
            if (!File.Exists(source))
            {
                if (File.Exists(target)) File.Delete(target);
                continue;
            }

            OwnerFile.CreateFolder(Path.GetDirectoryName(target)!);
            PrivateFile.Copy(source, target);
        }
    }

    /// <summary>Where the blobs of a backup lie.</summary>
    public static string BlobsOf(string folder) => Path.Combine(folder, BlobsFolder);

    /// <summary>Copies a file so that its owner alone reads the copy.</summary>
    public static void CopyFile(string from, string to)
    {
        using FileStream source = new(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using FileStream target = new(to, OwnerFile.Options(FileMode.Create, FileAccess.Write));
        source.CopyTo(target);
        OwnerFile.Sync(target);
    }

    private static string Line(string record) => record + "\n";

    // An identity lies two folders below its data directory; a classic directory has Flume's folder in it.
    private static string JournalOf(string own)
    {
        string inside = IdentityEvents.JournalIn(ClassicDirectory.Own(own));
        return File.Exists(inside) ? inside : IdentityEvents.JournalIn(Path.Combine(own, "..", ".."));
    }
}
