using Flume.Log.Primitives;

namespace Flume.Log;

/// <summary>The result of an import.</summary>
/// <param name="Source">Path of the source. Its bytes do not change.</param>
/// <param name="Destination">Path of the new log.</param>
/// <param name="Records">Records copied, deleted ones included.</param>
/// <param name="Bytes">Bytes of the new log.</param>
/// <param name="Head">
/// Head of the new log. Its offsets equal those of the source only if the width is the same.
/// </param>
/// <param name="TornBytes">Bytes of an incomplete record at the end of the source. They are not copied.</param>
public sealed record LogImportReport(
    string Source, string Destination, long Records, long Bytes, Offset Head, long TornBytes);

/// <summary>Copies a log to a new file of the same or another width and verifies every record.</summary>
/// <remarks>
/// 1. The source is opened read-only. A torn end remains in the source and is reported.
/// 2. The destination gets its final name after it is complete and synced. Until then its name ends in
///    <c>.importing</c>.
/// </remarks>
public static class LogImport
{
    /// <summary>
    /// Copies <paramref name="source"/> to <paramref name="destination"/>, which must not exist. A null width keeps
    /// the source's width.
    /// </summary>
    /// <exception cref="LogDamagedException">
    /// A record of the source does not verify. The destination does not exist afterwards.
    /// </exception>
    /// <exception cref="LogRejectedException">
    /// The destination exists, or its width is too small for the source.
    /// </exception>
    /// <exception cref="LogLockedException">Another import or a writer holds the destination's lock.</exception>
    public static LogImportReport Copy(
        string source, string destination, LogImportOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new LogImportOptions();
        destination = Path.GetFullPath(destination);
        using OffsetLog log = OffsetLog.Open(source, new LogOptions { ReadOnly = true });
        OwnerFile.CreateFolder(Path.GetDirectoryName(destination)!);
        using LogLock taken = LogLock.Take(destination);
        if (File.Exists(destination))
            throw new LogRejectedException(
                $"Cannot import {log.Path} to {destination}: that file exists. Choose another name or move it away.");
        string importing = destination + ".importing";
        try
        {
            return Copy(log, (importing, destination), options, cancellation);
        }
        catch
        {
            File.Delete(importing);
            throw;
        }
    }

    private static LogImportReport Copy(
        OffsetLog log,
        (string Importing, string Destination) names,
        LogImportOptions options,
        CancellationToken cancellation)
    {
        using ILogFile file = options.Disk.Open(names.Importing, FileMode.Create, FileAccess.Write);
        var copy = new FrameCopy(file, log.Width, options.Width ?? log.Width);
        var scanner = new LogScanner(log, Offset.None, log.Head);
        using var run = new RecordBatch();
        while (scanner.ReadRun(run))
        {
            cancellation.ThrowIfCancellationRequested();
            copy.Take(run);
            options.Progress?.Report(new LogProgress(run.First.Value + run.Bytes, log.EndPosition, copy.Records));
        }

        file.Sync();
        options.Disk.Rename(names.Importing, names.Destination);
        options.Disk.SyncDirectory(Path.GetDirectoryName(names.Destination)!);
        return new LogImportReport(
            log.Path, names.Destination, copy.Records, copy.Position, copy.Last, log.Recovery.TornBytes);
    }

    /// <summary>
    /// Writes frames to a file. It copies them if the width is the same and encodes them again otherwise.
    /// </summary>
    private sealed class FrameCopy(ILogFile file, OffsetWidth from, OffsetWidth to)
    {
        private byte[] _framed = [];

        public long Records { get; private set; }

        public long Position { get; private set; }

        public Offset Last { get; private set; } = Offset.None;

        public void Take(RecordBatch run)
        {
            ReadOnlySpan<byte> frames = run.Buffer.AsSpan(0, run.Bytes);
            if (from != to)
                frames = Reframe(frames, run.Frames);
            else
                Last = run.Last;
            file.Write(frames, Position);
            Position += frames.Length;
            Records += run.Frames;
        }

        private ReadOnlySpan<byte> Reframe(ReadOnlySpan<byte> frames, int count)
        {
            int bytes = frames.Length + count * (to.Bytes() - from.Bytes());
            if (Position + bytes > to.FileBytesMax())
                throw new LogRejectedException(
                    $"Cannot import with {to.Bits()}-bit offsets: such a log has at most {to.FileBytesMax()} bytes. " +
                    "Choose a larger width.");
            if (_framed.Length < bytes)
                _framed = new byte[bytes];
            int at = 0;
            while (!frames.IsEmpty)
            {
                int length = (int)Frame.ReadLength(frames);
                Last = new Offset(Position + at);
                ReadOnlySpan<byte> payload = frames.Slice(Frame.LengthBytes, length);
                at += Frame.Write(_framed.AsSpan(at), payload, Position + at, to.Bytes());
                frames = frames[(length + Frame.Overhead(from.Bytes()))..];
            }

            return _framed.AsSpan(0, bytes);
        }
    }
}
