using Flume.Log.Primitives;

namespace Flume.Log;

/// <summary>The files of a log after opening: the width and the head are known, and a torn end is cut.</summary>
internal sealed record OpenedLog(
    LogSettings Settings, ILogFile Reading, ILogFile? Writing, ChecksumFile Checksums, SyncMark Mark)
{
    private const int LooksMax = 5;

    public required HeadMark Head { get; init; }

    public required LogRecoveryReport Recovery { get; init; }

    /// <summary>The writer's lock; null for a follower.</summary>
    public LogLock? WriteLock { get; init; }

    /// <summary>Opens the log at a full path, for following or writing.</summary>
    public static OpenedLog Open(string path, LogOptions options)
    {
        if (options.ReadOnly)
            return Follow(path, options);
        path = RealName(path);
        JavaScriptServerLock.ThrowIfHeld(Path.GetDirectoryName(path)!);
        return Guarded(LogLock.Take(path), taken =>
        {
            if (options.HoldsViewLocks)
                taken.TakeViews(Path.GetDirectoryName(path)!);
            return Write(path, options) with { WriteLock = taken };
        });
    }

    // The writer may shorten or replace its files at any moment: then one look reads bytes of two states.
    private static OpenedLog Follow(string path, LogOptions options)
    {
        for (int look = 1; ; look++)
        {
            try
            {
                return Guarded(
                    options.Disk.Open(path, FileMode.Open, FileAccess.Read), file => Open(file, null, path, options));
            }
            catch (Exception cause) when (cause is EndOfStreamException or LogFormatException && look < LooksMax)
            {
            }
        }
    }

    // Two names of one file must share one lock.
    private static string RealName(string path)
    {
        string directory = Path.GetDirectoryName(path)!;
        OwnerFile.CreateFolder(directory);
        return File.Exists(path)
            ? Posix.RealPath(path)
            : Path.Combine(Posix.RealPath(directory), Path.GetFileName(path));
    }

    private static OpenedLog Write(string path, LogOptions options)
    {
        bool isNew = !File.Exists(path);
        return Guarded(options.Disk.Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite), writing =>
        {
            // The new name is synced now. Otherwise a power loss could remove the log with its synced records.
            if (isNew)
                options.Disk.SyncDirectory(Path.GetDirectoryName(path)!);
            ILogFile reading = options.Disk.Open(path, FileMode.Open, FileAccess.Read);
            return Guarded(reading, _ => Open(reading, writing, path, options));
        });
    }

    private static OpenedLog Open(ILogFile reading, ILogFile? writing, string path, LogOptions options)
    {
        var settings = new LogSettings(path, LogFormat.Detect(reading, options, path), options);
        long length = reading.Length;
        var tail = new TailScanner(new LogWindow(reading, length, settings.EndBytes), options.RecordBytesMax);
        var checksums = new ChecksumFile(settings);
        return Guarded(checksums, _ =>
        {
            long known = checksums.Load(tail, length);
            var mark = new SyncMark(path, options);
            return Guarded(mark, _ =>
            {
                var recovery = new LogRecovery(options.Disk, path);
                bool cut = writing is not null;
                (HeadMark head, LogRecoveryReport report) =
                    recovery.Run(writing ?? reading, tail, (known, mark.Loaded), cut);
                checksums.DropBeyond(head.End);
                return new OpenedLog(settings, reading, writing, checksums, mark) { Head = head, Recovery = report };
            });
        });
    }

    private static OpenedLog Guarded<T>(T opened, Func<T, OpenedLog> next)
        where T : IDisposable
    {
        try
        {
            return next(opened);
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }
}
