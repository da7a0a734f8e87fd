using Flume.Log.Primitives;
using Microsoft.Win32.SafeHandles;

namespace Flume.Log;

/// <summary>
/// Detects a JavaScript server that uses a flume directory. Such a server takes no lock on the log.
/// </summary>
/// <remarks>
/// The server's LevelDB views hold a POSIX lock on <c>flume/&lt;view&gt;/LOCK</c>. Closing a file drops every POSIX
/// lock that this process has on it. So do not probe a directory in which this process has a LevelDB or RocksDB open.
/// Linux only: on other systems the probe finds nothing.
/// </remarks>
public static class JavaScriptServerLock
{
    /// <summary>
    /// The pid of a process that has a view of <paramref name="flumeDirectory"/> open, and its lock file; null if
    /// none.
    /// </summary>
    public static (int Pid, string LockFile)? Probe(string flumeDirectory)
    {
        if (!Directory.Exists(flumeDirectory) || ViewLocks.AreHeld(flumeDirectory))
            return null;
        foreach (string view in Directory.EnumerateDirectories(flumeDirectory))
        {
            string name = Path.Combine(view, "LOCK");
            if (File.Exists(name) && Holder(name) is var pid && pid > 0)
                return (pid, name);
        }

        return null;
    }

    /// <summary>Throws if a JavaScript server uses <paramref name="flumeDirectory"/>.</summary>
    /// <exception cref="LogLockedException">The error names the server's pid.</exception>
    public static void ThrowIfHeld(string flumeDirectory)
    {
        if (Probe(flumeDirectory) is { } held)
            throw InUse(flumeDirectory, held);
    }

    /// <summary>The error about a directory that a JavaScript server uses.</summary>
    internal static LogLockedException InUse(string flumeDirectory, (int Pid, string LockFile) held) => new(
        $"The flume directory {flumeDirectory} is in use by process {held.Pid}, which holds {held.LockFile}. " +
        "Two writers damage a log. Stop that server, or open the log read-only to follow it.", held.Pid);

    private static int Holder(string name)
    {
        try
        {
            using SafeFileHandle file = File.OpenHandle(
                name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return Posix.RecordLockHolder(file);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
