using Flume.Log.Primitives;

namespace Flume.Log;

/// <summary>The state of a log copy. It shows whether the copy is complete and whether a log continues it.</summary>
/// <param name="Bytes">Bytes of complete records.</param>
/// <param name="Head">Offset of the last record.</param>
/// <param name="Crc">CRC-32C of all bytes.</param>
public sealed record LogCopyState(long Bytes, Offset Head, uint Crc);

/// <summary>The result of a copy.</summary>
/// <param name="State">The state of the copy after this run.</param>
/// <param name="NewBytes">Bytes written by this run. The other bytes existed before.</param>
/// <param name="AnewBecause">
/// Why the earlier copy could not be continued. Null if it was continued or did not exist.
/// </param>
public sealed record LogCopyReport(LogCopyState State, long NewBytes, string? AnewBecause)
{
    /// <summary>The file that holds the copy.</summary>
    public required string Path { get; init; }
}

/// <summary>
/// Copies a log, up to its current head, while a writer appends. A later copy appends the new records.
/// </summary>
/// <remarks>
/// 1. The copy verifies every frame and every block checksum. It also reads the earlier copy again and compares it.
/// 2. An interrupted copy does not change earlier bytes. New bytes are appended; a complete new copy uses another
///    file.
/// </remarks>
public static class LogBackup
{
    private const int BufferBytes = 1 << 20;

    /// <summary>Copies into a file. It continues an earlier copy if possible.</summary>
    /// <exception cref="LogDamagedException">The log does not verify.</exception>
    public static LogCopyReport Copy(
        OffsetLog log, string to, LogCopyState? earlier, IProgress<LogProgress>? progress = null,
        CancellationToken cancel = default)
    {
        LogCopyReport report = CopyBeside(log, to, earlier, progress, cancel);
        if (report.Path != to) OwnerFile.Rename(report.Path, to);
        return report with { Path = to };
    }

    /// <summary>
    /// Like <see cref="Copy"/>, but a complete new copy gets its own file and the earlier copy remains. The caller
    /// replaces the earlier copy by <see cref="LogCopyReport.Path"/>.
    /// </summary>
    /// <exception cref="LogDamagedException">The log does not verify.</exception>
    public static LogCopyReport CopyBeside(
        OffsetLog log, string to, LogCopyState? earlier, IProgress<LogProgress>? progress, CancellationToken cancel)
    {
        Offset head = log.Head;
        long total = head.IsSome ? log.Next(head).Value : 0;
        Progress done = new(progress, total);
        string? anew = earlier is null ? null : Disagreement(log, to, earlier, done, cancel);
        if (earlier is not null && anew is null)
        {
            using FileStream file = new(to, OwnerFile.Options(FileMode.Open, FileAccess.ReadWrite, FileShare.Read));
            // Overwrites the rest of an interrupted copy after the end of the earlier copy.
            file.Position = earlier.Bytes;
            LogCopyState state = Append(log, file, (earlier, head), done, cancel);
            file.SetLength(state.Bytes);
            OwnerFile.Sync(file);
            return new LogCopyReport(state, state.Bytes - earlier.Bytes, null) { Path = to };
        }

        string fresh = to + ".new";
        File.Delete(fresh);
        LogCopyState whole;
        using (FileStream file = new(fresh, OwnerFile.Options(FileMode.Create, FileAccess.Write, FileShare.Read)))
            whole = Append(log, file, (new LogCopyState(0, Offset.None, 0), head), done, cancel);
        Posix.SyncDirectory(Path.GetDirectoryName(Path.GetFullPath(to))!);
        return new LogCopyReport(whole, whole.Bytes, anew) { Path = fresh };
    }

    /// <summary>Copies a backed-up log to a new path and compares it with the state in the backup.</summary>
    /// <exception cref="IOException">The copy differs from the backup's state, or the path exists.</exception>
    public static void Restore(
        string from, string to, LogCopyState state, IProgress<LogProgress>? progress = null,
        CancellationToken cancel = default)
    {
        using FileStream source = File.OpenRead(from);
        using FileStream file = new(to, OwnerFile.Options(FileMode.CreateNew, FileAccess.Write));
        uint crc = Crc(source, state.Bytes, new Progress(progress, state.Bytes), cancel, bytes => file.Write(bytes));
        if (crc != state.Crc)
            throw new IOException(
                $"The checksum of {from} is {crc:x8}, but the backup recorded {state.Crc:x8}: the file has changed. " +
                "Use another backup.");
        OwnerFile.Sync(file);
    }

    private static LogCopyState Append(
        OffsetLog log, FileStream file, (LogCopyState From, Offset Head) range, Progress done, CancellationToken cancel)
    {
        (long bytes, Offset last, uint crc) = range.From;
        LogScanner scanner = new(log, last, range.Head);
        using RecordBatch run = new();
        while (scanner.ReadRun(run))
        {
            cancel.ThrowIfCancellationRequested();
            ReadOnlySpan<byte> frames = run.Buffer.AsSpan(0, run.Bytes);
            file.Write(frames);
            crc = Crc32C.Append(crc, frames);
            bytes += run.Bytes;
            last = run.Last;
            done.Add(run.Bytes);
        }

        OwnerFile.Sync(file);
        return new LogCopyState(bytes, last, crc);
    }

    /// <summary>Why the earlier copy cannot be continued; null if it can.</summary>
    private static string? Disagreement(
        OffsetLog log, string to, LogCopyState earlier, Progress done, CancellationToken cancel)
    {
        if (!File.Exists(to)) return $"{to} does not exist";
        if (earlier.Head > log.Head)
            return $"the earlier copy reaches offset {earlier.Head}, beyond the log's head {log.Head}";
        using (FileStream file = File.OpenRead(to))
        {
            if (file.Length < earlier.Bytes) return $"{to} has {file.Length} bytes of {earlier.Bytes}";
            if (Crc(file, earlier.Bytes, new Progress(null, 0), cancel) != earlier.Crc)
                return $"the checksum of {to} differs from the recorded one";
        }

        try
        {
            (uint crc, long bytes) = CrcOf(log, earlier.Head, done, cancel);
            if (crc == earlier.Crc && bytes == earlier.Bytes) return null;
        }
        catch (LogOffsetException)
        {
            // No record of this log starts at the earlier copy's head, so it is another log.
        }

        done.Restart();
        return "the log has changed below the earlier copy's end: a record was deleted, or it is another log";
    }

    private static (uint Crc, long Bytes) CrcOf(OffsetLog log, Offset through, Progress done, CancellationToken cancel)
    {
        uint crc = Crc32C.Start;
        long bytes = 0;
        LogScanner scanner = new(log, Offset.None, through);
        using RecordBatch run = new();
        while (scanner.ReadRun(run))
        {
            cancel.ThrowIfCancellationRequested();
            crc = Crc32C.Append(crc, run.Buffer.AsSpan(0, run.Bytes));
            bytes += run.Bytes;
            done.Add(run.Bytes);
        }

        return (crc, bytes);
    }

    private delegate void Take(ReadOnlySpan<byte> bytes);

    private static uint Crc(Stream file, long length, Progress done, CancellationToken cancel, Take? take = null)
    {
        byte[] buffer = new byte[BufferBytes];
        uint crc = Crc32C.Start;
        while (length > 0)
        {
            cancel.ThrowIfCancellationRequested();
            int read = file.Read(buffer, 0, (int)Math.Min(buffer.Length, length));
            if (read == 0) break;
            crc = Crc32C.Append(crc, buffer.AsSpan(0, read));
            take?.Invoke(buffer.AsSpan(0, read));
            length -= read;
            done.Add(read);
        }

        return crc;
    }

    private sealed class Progress(IProgress<LogProgress>? progress, long total)
    {
        private long _done;

        public void Add(long bytes) => progress?.Report(new LogProgress(_done += bytes, total, 0));

        public void Restart() => _done = 0;
    }
}
