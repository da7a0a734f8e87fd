namespace Flume.Log;

/// <summary>The files of a log as opening left them: width found out, torn end cut, head known.</summary>
internal sealed record OpenedLog(LogSettings Settings, ILogFile Reading, ILogFile? Writing, SealFile Seals)
{
    public required HeadMark Head { get; init; }

    public required LogRecoveryReport Recovery { get; init; }

    /// <summary>Opens to read what somebody else writes; changes nothing.</summary>
    public static OpenedLog Follow(string path, LogOptions options) =>
        Guarded(options.Disk.Open(path, FileMode.Open, FileAccess.Read), file => Open(file, null, path, options));

    /// <summary>Opens to write; the caller holds the lock. A new file's name is made durable.</summary>
    public static OpenedLog Write(string path, LogOptions options)
    {
        bool isNew = !File.Exists(path);
        return Guarded(options.Disk.Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite), writing =>
        {
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
        var tail = new LogTail(new LogWindow(reading, length, settings.EndBytes), options.RecordBytesMax);
        var seals = new SealFile(settings);
        return Guarded(seals, _ =>
        {
            long known = seals.Load(tail, length);
            (HeadMark head, LogRecoveryReport report) = new LogRecovery(options.Disk, path).Run(writing ?? reading, tail, known, writing is not null);
            return new OpenedLog(settings, reading, writing, seals) { Head = head, Recovery = report };
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
