using Flume.Log.Primitives;

namespace Flume.Log;

/// <summary>What a copy of a log holds: enough to tell if it is whole, and if a log goes on from it.</summary>
/// <param name="Bytes">Bytes of whole records.</param>
/// <param name="Head">Offset of the last one.</param>
/// <param name="Crc">CRC-32C of all the bytes.</param>
public sealed record LogCopyState(long Bytes, Offset Head, uint Crc);

/// <summary>What copying did.</summary>
/// <param name="State">What the copy holds now.</param>
/// <param name="NewBytes">Bytes that were written; the others were there.</param>
/// <param name="AnewBecause">Why an earlier copy was not gone on from; null when it was, or there was none.</param>
public sealed record LogCopyReport(LogCopyState State, long NewBytes, string? AnewBecause)
{
    /// <summary>The file that holds the copy.</summary>
    public required string Path { get; init; }
}

/// <summary>Copies a log that is being written, up to its head of the moment; a later copy adds what is new.</summary>
/// <remarks>
/// 1. Every frame and every sealed block is verified on the way, and what was copied before is read back and compared.
/// 2. A copy that ends early leaves what an earlier one wrote: new bytes lie behind it, a copy made anew lies beside it.
/// </remarks>
public static class LogBackup
{
    private const int BufferBytes = 1 << 20;

    /// <summary>Copies into a file, going on from an earlier copy where that is possible.</summary>
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
    /// As <see cref="Copy"/>, but a copy made anew stays beside the earlier one, which is whole until the caller replaces
    /// it by <see cref="LogCopyReport.Path"/>.
    /// </summary>
    /// <exception cref="LogDamagedException">The log does not verify.</exception>
    public static LogCopyReport CopyBeside(
        OffsetLog log, string to, LogCopyState? earlier, IProgress<LogProgress>? progress, CancellationToken cancel)
    {
        Offset head = log.Head;
        long total = head.IsSome ? log.Next(head).Value : 0;
        Progress told = new(progress, total);
        string? anew = earlier is null ? null : Disagreement(log, to, earlier, told, cancel);
        if (earlier is not null && anew is null)
        {
            using FileStream file = new(to, OwnerFile.Options(FileMode.Open, FileAccess.ReadWrite, FileShare.Read));
            // What an unfinished copy left behind the earlier one's end is written over; the earlier one stays whole.
            file.Position = earlier.Bytes;
            LogCopyState state = Append(log, file, (earlier, head), told, cancel);
            file.SetLength(state.Bytes);
            OwnerFile.Sync(file);
            return new LogCopyReport(state, state.Bytes - earlier.Bytes, null) { Path = to };
        }

        string fresh = to + ".new";
        File.Delete(fresh);
        LogCopyState whole;
        using (FileStream file = new(fresh, OwnerFile.Options(FileMode.Create, FileAccess.Write, FileShare.Read)))
            whole = Append(log, file, (new LogCopyState(0, Offset.None, 0), head), told, cancel);
        Posix.SyncDirectory(Path.GetDirectoryName(Path.GetFullPath(to))!);
        return new LogCopyReport(whole, whole.Bytes, anew) { Path = fresh };
    }

    /// <summary>Copies a backed-up log to its new place, comparing it with what the backup says of it.</summary>
    /// <exception cref="IOException">It is not what was backed up, or the place is taken.</exception>
    public static void Restore(
        string from, string to, LogCopyState state, IProgress<LogProgress>? progress = null,
        CancellationToken cancel = default)
    {
        using FileStream source = File.OpenRead(from);
        using FileStream file = new(to, OwnerFile.Options(FileMode.CreateNew, FileAccess.Write));
        uint crc = Crc(source, state.Bytes, new Progress(progress, state.Bytes), cancel, bytes => file.Write(bytes));
        if (crc != state.Crc)
            throw new IOException(
                $"{from} is not what was backed up: its checksum is {crc:x8}, the backup says {state.Crc:x8}. " +
                "Use another backup.");
        OwnerFile.Sync(file);
    }

    private static LogCopyState Append(
        OffsetLog log, FileStream file, (LogCopyState From, Offset Head) range, Progress told, CancellationToken cancel)
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
            told.Add(run.Bytes);
        }

        OwnerFile.Sync(file);
        return new LogCopyState(bytes, last, crc);
    }

    /// <summary>Why the copy can't be gone on from; null when it can.</summary>
    private static string? Disagreement(
        OffsetLog log, string to, LogCopyState earlier, Progress told, CancellationToken cancel)
    {
        if (!File.Exists(to)) return $"{to} is gone";
        if (earlier.Head > log.Head)
            return $"the earlier copy reaches offset {earlier.Head}, beyond the log's head {log.Head}";
        using (FileStream file = File.OpenRead(to))
        {
            if (file.Length < earlier.Bytes) return $"{to} has {file.Length} bytes of {earlier.Bytes}";
            if (Crc(file, earlier.Bytes, new Progress(null, 0), cancel) != earlier.Crc)
                return $"{to} is not what was written into it";
        }

        try
        {
            (uint crc, long bytes) = CrcOf(log, earlier.Head, told, cancel);
            if (crc == earlier.Crc && bytes == earlier.Bytes) return null;
        }
        catch (LogOffsetException)
        {
            // Another log: it has no record where the copied one ended.
        }

        told.Restart();
        return "the log has changed below the earlier copy's end: a record was deleted, or it is another log";
    }

    private static (uint Crc, long Bytes) CrcOf(OffsetLog log, Offset through, Progress told, CancellationToken cancel)
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
            told.Add(run.Bytes);
        }

        return (crc, bytes);
    }

    private delegate void Take(ReadOnlySpan<byte> bytes);

    private static uint Crc(Stream file, long length, Progress told, CancellationToken cancel, Take? take = null)
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
            told.Add(read);
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
