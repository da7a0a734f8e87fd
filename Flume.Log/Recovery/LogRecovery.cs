using System.Globalization;

namespace Flume.Log;

/// <summary>
/// Opens the end of a log: finds the last whole record, and cuts what a crash left behind it, keeping those bytes.
/// </summary>
/// <remarks>
/// 1. Cut bytes are on the device in a file of their own before the log is shortened; a crash in between only repeats
///    the work.
/// 2. Nothing below the last whole record is ever changed, whatever state it is in.
/// </remarks>
internal sealed class LogRecovery(ILogDisk disk, string path)
{
    private const int CopyBytes = 1 << 20;
    private static readonly Exception Followed = new LogRejectedException("The log is opened read-only.");

    /// <summary>
    /// Finds the end of <paramref name="file"/> and, with <paramref name="cut"/>, makes the file end there.
    /// </summary>
    /// <param name="file">The log.</param>
    /// <param name="tail">
    /// Looks for its last whole frame. Its length is the log's: another process may append meanwhile.
    /// </param>
    /// <param name="known">A boundary that is certain, and how far the log was synced; null when that is not known.</param>
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
            report = cut ? TryCut(file, report) : report with { NotCutBecause = Followed };
        return (head, report);
    }

    private LogDamagedException Acknowledged(long end, long synced) => new(
        new Offset(end), $"the bytes from {end} to {synced} were synced as whole records and are none now", path);

    /// <summary>
    /// Keeps the bytes from <paramref name="end"/> on in a side file, then cuts them; returns the side file's path.
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
            // A part of the bytes is no use: the next try copies all of them.
            File.Delete(kept);
            throw;
        }

        file.Truncate(end);
        file.Sync();
        return kept;
    }

    // A full disk is the usual cause of a torn tail and also keeps it from being copied: then the log opens, readable,
    // and refuses appends.
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
