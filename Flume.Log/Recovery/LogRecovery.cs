using System.Globalization;

namespace Flume.Log;

/// <summary>
/// Recovers the end of a log. It finds the last complete record and moves the torn bytes after it to a file.
/// </summary>
/// <remarks>
/// 1. The cut bytes are durable in their own file before the log is shortened. After a crash in between, recovery
///    repeats.
/// 2. Bytes below the last complete record never change, also if they are damaged.
/// </remarks>
internal sealed class LogRecovery(ILogDisk disk, string path)
{
    private const int CopyBytes = 1 << 20;
    private static readonly Exception OpenedReadOnly = new LogRejectedException("The log is opened read-only.");

    /// <summary>
    /// Finds the end of <paramref name="file"/>. With <paramref name="cut"/> it also truncates the file there.
    /// </summary>
    /// <param name="file">The log.</param>
    /// <param name="tail">
    /// Finds the last complete frame. Its length is the log's, because another process may append meanwhile.
    /// </param>
    /// <param name="known">A certain record boundary, and the synced length of the log; null if unknown.</param>
    /// <param name="cut">True for the writer.</param>
    public (HeadMark Head, LogRecoveryReport Report) Run(
        ILogFile file, TailScanner tail, (long Boundary, SyncState? Synced) known, bool cut)
    {
        long length = tail.Length;
        TailEnd? marked = known.Synced is { } state
            ? new UnsyncedTail(file, tail, state).Find(length, known.Boundary) : null;
        TailEnd end = marked ?? tail.Find(length, known.Boundary);
        var head = new HeadMark(new Offset(end.Last), end.End);
        var report = new LogRecoveryReport(end.End, length - end.End, null, new Offset(end.Damage), null);
        if (marked is not null && end.Damage == end.End && report.Torn)
            report = report with { NotCutBecause = Acknowledged(end.End, known.Synced!.Value.Synced) };
        else if (report.Torn)
            report = cut ? TryCut(file, report) : report with { NotCutBecause = OpenedReadOnly };
        return (head, report);
    }

    private LogDamagedException Acknowledged(long end, long synced) => new(
        new Offset(end), $"the bytes from {end} to {synced} were synced as records and no longer verify", path);

    /// <summary>
    /// Copies the bytes from <paramref name="end"/> on to a side file, then cuts them. Returns the side file's path.
    /// </summary>
    public string? Cut(ILogFile file, long end)
    {
        long length = file.Length;
        if (length <= end)
            return null;
        string kept = FreeName(end);
        try
        {
            Keep(file, (end, length), kept);
        }
        catch
        {
            // A partial copy is useless, because the next attempt copies all bytes.
            File.Delete(kept);
            throw;
        }

        file.Truncate(end);
        file.Sync();
        return kept;
    }

    // A full disk often causes the torn end and also prevents the copy. The log then opens for reading and refuses
    // appends.
    private LogRecoveryReport TryCut(ILogFile file, LogRecoveryReport report)
    {
        try
        {
            return report with { CutFile = Cut(file, report.EndPosition) };
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return report with { NotCutBecause = cause };
        }
    }

    private void Keep(ILogFile file, (long From, long To) range, string kept)
    {
        (long end, long length) = range;
        using ILogFile side = disk.Open(kept, FileMode.CreateNew, FileAccess.ReadWrite);
        byte[] buffer = new byte[(int)Math.Min(CopyBytes, length - end)];
        for (long at = end; at < length;)
        {
            int read = file.ReadFully(buffer.AsSpan(0, (int)Math.Min(buffer.Length, length - at)), at);
            if (read == 0)
                break;
            side.Write(buffer.AsSpan(0, read), at - end);
            at += read;
        }

        side.Sync();
        disk.SyncDirectory(Path.GetDirectoryName(kept)!);
    }

    private string FreeName(long end)
    {
        for (int n = 1; ; n++)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"{path}.cut-{end}-{n}");
            if (!File.Exists(name))
                return name;
        }
    }
}
