using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Flume.Log.Primitives;
using Microsoft.Win32.SafeHandles;

namespace Flume.Log;

/// <summary>
/// An exclusive lock on a file next to the log: one <see cref="OffsetLog"/> on this machine writes the log.
/// </summary>
/// <remarks>
/// The operating system releases the lock when the process ends for any reason. So an existing lock file does not
/// mean that the log is locked. The lock file is never deleted, because another process may have just opened it. It
/// contains the holder's pid, which is used for error messages only.
/// </remarks>
internal sealed class LogLock : IDisposable
{
    private readonly FileStream _file;
    private ViewLocks? _views;

    private LogLock(FileStream file) => _file = file;

    /// <summary>Takes the lock of the log at <paramref name="path"/>.</summary>
    /// <exception cref="LogLockedException">This process or another one holds the lock.</exception>
    public static LogLock Take(string path)
    {
        string name = path + ".lock";
        FileStream file;
        try
        {
            // FileShare.None takes an exclusive flock. The flock belongs to the open file, so it also excludes a
            // second log of this process.
            file = new FileStream(name, OwnerFile.Options(FileMode.OpenOrCreate, FileAccess.ReadWrite));
        }
        catch (IOException cause) when (File.Exists(name))
        {
            throw Locked(path, name, cause);
        }

        WritePid(file);
        return new LogLock(file);
    }

    /// <summary>Takes the locks of the JavaScript views beside the log too.</summary>
    /// <exception cref="LogLockedException">A JavaScript server has one of them.</exception>
    public void TakeViews(string directory) => _views = ViewLocks.Take(directory);

    public void Dispose()
    {
        _views?.Dispose();
        _file.Dispose();
    }

    private static LogLockedException Locked(string path, string name, IOException cause)
    {
        int pid = ReadPid(name);
        string holder = pid == Environment.ProcessId ? "this process" : "another process";
        return new LogLockedException(
            $"The log {path} is already open for writing by {holder} (pid {pid}, lock file {name}: {cause.Message}). " +
            "Stop that process, or open the log read-only to follow it.", pid);
    }

    // A full disk must not prevent opening. The lock is valid without the pid.
    private static void WritePid(FileStream file)
    {
        try
        {
            file.SetLength(0);
            file.Write(Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n"));
        }
        catch (IOException)
        {
        }
    }

    private static int ReadPid(string name)
    {
        using SafeFileHandle? file = Posix.OpenUnlocked(name);
        Span<byte> text = stackalloc byte[20];
        if (file is null)
            return 0;
        text = text[..RandomAccess.Read(file, text, 0)];
        return Utf8Parser.TryParse(text, out int pid, out _) ? pid : 0;
    }
}
