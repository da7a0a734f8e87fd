using System.Globalization;
using System.Text;

namespace Flume.Log;

/// <summary>Makes sure that one <see cref="OffsetLog"/> on this machine writes a log: an exclusive lock on a file beside it.</summary>
/// <remarks>
/// The system releases the lock when the process ends, however it ends, so a lock file that is left behind means nothing; it is never
/// deleted, since another process may just have opened it. Its content, the holder's pid, is for people and error messages alone.
/// </remarks>
internal sealed class LogLock : IDisposable
{
    private readonly FileStream file;

    private LogLock(FileStream file) => this.file = file;

    /// <summary>Takes the lock of the log at <paramref name="path"/>.</summary>
    /// <exception cref="LogLockedException">Somebody holds it, in this process or another.</exception>
    public static LogLock Take(string path)
    {
        string name = path + ".lock";
        FileStream file;
        try
        {
            // FileShare.None is an exclusive flock: it belongs to this open file, so it also stops a second log of this process.
            file = new FileStream(name, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException cause) when (File.Exists(name) && cause is not (FileNotFoundException or PathTooLongException))
        {
            throw Locked(path, name, cause);
        }

        file.SetLength(0);
        file.Write(Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n"));
        return new LogLock(file);
    }

    public void Dispose() => file.Dispose();

    private static LogLockedException Locked(string path, string name, IOException cause)
    {
        int pid = ReadPid(name);
        string holder = pid == Environment.ProcessId ? "this very process" : pid > 0 ? $"process {pid}" : "another process";
        return new LogLockedException(
            $"The log {path} is already open for writing by {holder} (pid {pid}, lock file {name}: {cause.Message}). " +
            "Stop that one, or open the log read-only to follow it.", pid);
    }

    private static int ReadPid(string name)
    {
        try
        {
            using var reader = new StreamReader(
                new FileStream(name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
            return int.TryParse(reader.ReadLine(), NumberStyles.None, CultureInfo.InvariantCulture, out int pid) ? pid : 0;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
