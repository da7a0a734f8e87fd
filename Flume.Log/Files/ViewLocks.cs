using Flume.Log.Primitives;
using Microsoft.Win32.SafeHandles;

namespace Flume.Log;

/// <summary>
/// The locks that a JavaScript server takes on the LevelDB views beside its log, held so that no such server starts.
/// </summary>
/// <remarks>
/// 1. LevelDB opens <c>LOCK</c> in the folder of a view and takes a record lock on it. A server that finds one taken
///    ends its start before it opens the log to write.
/// 2. Closing any descriptor of a file drops the record locks that this process has on it. So
///    <see cref="JavaScriptServerLock"/> does not look at a directory whose locks are held here.
/// </remarks>
internal sealed class ViewLocks : IDisposable
{
    private static readonly HashSet<string> HeldDirectories = new(StringComparer.Ordinal);

    // Every version of ssb-db keeps these views. They are taken even where no server has run yet.
    private static readonly string[] SsbDbViews = ["clock", "feed", "keys", "links", "time"];

    private readonly string _directory;
    private readonly List<SafeFileHandle> _files = [];

    private ViewLocks(string directory) => _directory = directory;

    /// <summary>Takes the locks of all views in a flume directory.</summary>
    /// <exception cref="LogLockedException">A server has one of them; the message names its pid.</exception>
    public static ViewLocks Take(string flumeDirectory)
    {
        var taken = new ViewLocks(flumeDirectory);
        lock (HeldDirectories)
            HeldDirectories.Add(flumeDirectory);
        try
        {
            foreach (string view in ViewsOf(flumeDirectory))
                taken.TakeOne(Path.Combine(view, "LOCK"));
            return taken;
        }
        catch
        {
            taken.Dispose();
            throw;
        }
    }

    /// <summary>True while this process holds the locks of a flume directory.</summary>
    public static bool AreHeld(string flumeDirectory)
    {
        lock (HeldDirectories)
            return HeldDirectories.Contains(flumeDirectory);
    }

    public void Dispose()
    {
        foreach (SafeFileHandle file in _files)
            file.Dispose();
        lock (HeldDirectories)
            HeldDirectories.Remove(_directory);
    }

    private static IEnumerable<string> ViewsOf(string flumeDirectory)
    {
        IEnumerable<string> present = Directory.EnumerateDirectories(flumeDirectory)
            .Where(view => File.Exists(Path.Combine(view, "LOCK")) || File.Exists(Path.Combine(view, "CURRENT")));
        return present
            .Union(SsbDbViews.Select(view => Path.Combine(flumeDirectory, view)))
            .Order(StringComparer.Ordinal);
    }

    private void TakeOne(string name)
    {
        OwnerFile.CreateFolder(Path.GetDirectoryName(name)!);
        SafeFileHandle file = File.OpenHandle(
            name, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        if (Posix.TryTakeRecordLock(file))
        {
            _files.Add(file);
            return;
        }

        int pid = Posix.RecordLockHolder(file);
        file.Dispose();
        throw JavaScriptServerLock.InUse(_directory, (pid, name));
    }
}
