using Flume.Log.Primitives;

namespace Flume.Log;

/// <summary>What copying a log did.</summary>
/// <param name="Source">Where from; unchanged.</param>
/// <param name="Destination">Where to.</param>
/// <param name="Records">Records copied, deleted ones included.</param>
/// <param name="Bytes">Bytes of the new log.</param>
/// <param name="Head">Head of the new log; offsets are those of the source only when the width is.</param>
/// <param name="TornBytes">Bytes at the end of the source that are no whole record and were left out.</param>
public sealed record LogImportReport(
    string Source, string Destination, long Records, long Bytes, Offset Head, long TornBytes);

/// <summary>Copies a log, checking every record, to a new file of the same or another width.</summary>
/// <remarks>
/// 1. The source is read only; its torn end, if any, stays there and is reported.
/// 2. The destination appears under its name complete and synced, or not at all: until then it is <c>….importing</c>.
/// </remarks>
public static class LogImport
{
    /// <summary>
    /// Copies <paramref name="source"/> to <paramref name="destination"/>, which must not exist; a null width keeps the
    /// source's.
    /// </summary>
    /// <exception cref="LogDamagedException">
    /// A record of the source does not verify. Nothing is left at the destination.
    /// </exception>
    /// <exception cref="LogRejectedException">
    /// The destination exists, or its width is too small for the source.
    /// </exception>
    /// <exception cref="LogLockedException">Another import, or a writer, has the destination.</exception>
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
    /// Writes runs of frames to a file: as they are when the width stays, framed anew when it changes.
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
                frames = FrameAnew(frames, run.Frames);
            else
                Last = run.Last;
            file.Write(frames, Position);
            Position += frames.Length;
            Records += run.Frames;
        }

        private ReadOnlySpan<byte> FrameAnew(ReadOnlySpan<byte> frames, int count)
        {
            int bytes = frames.Length + count * (to.Bytes() - from.Bytes());
            if (Position + bytes > to.FileBytesMax())
                throw new LogRejectedException(
                    $"Cannot import with {to.Bits()}-bit offsets: they end at {to.FileBytesMax()} bytes. " +
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
