namespace Flume.Log;

/// <summary>Detects the width of a log, which the file does not store.</summary>
/// <remarks>
/// The first frame determines the width: its end marker equals its own size, which fits one width only. If the first
/// frame is damaged or torn, the frames at the end determine the width. Source: docs/spec 1.1.
/// </remarks>
internal static class LogFormat
{
    private const int SectorBytes = 512, ForeignRecordBytesMax = 1 << 16;

    /// <summary>The width of the file, or the requested width if the file holds no record yet.</summary>
    /// <exception cref="LogFormatException">
    /// The width differs from the requested one or is ambiguous, or this is no offset log.
    /// </exception>
    public static OffsetWidth Detect(ILogFile file, LogOptions options, string path)
    {
        long length = file.Length;
        List<OffsetWidth> fit = Fitting(file, length, options);
        if (fit.Count == 0 && length > 0 && !MayBeTorn(file, length, options, path))
            throw NotALog(path, length);
        if (fit.Count == 0)
            return options.Width ?? OffsetWidth.Bits32;
        if (options.Width is not { } wanted)
            return fit.Count == 1 ? fit[0] : throw Ambiguous(path, fit);
        return fit.Contains(wanted) ? wanted : throw OtherWidth(path, fit[0], wanted);
    }

    private static List<OffsetWidth> Fitting(ILogFile file, long length, LogOptions options)
    {
        var byFirst = new List<OffsetWidth>();
        var byLast = new List<OffsetWidth>();
        foreach (OffsetWidth width in OffsetWidths.All)
        {
            var tail = new TailScanner(new LogWindow(file, length, width.Bytes()), options.RecordBytesMax);
            if (tail.EndOfFrameAt(0) > 0)
                byFirst.Add(width);
        }

        if (byFirst.Count > 0 || length == 0)
            return byFirst;
        foreach (OffsetWidth width in OffsetWidths.All)
        {
            var tail = new TailScanner(new LogWindow(file, length, width.Bytes()), options.RecordBytesMax);
            if (tail.Find(length).End > 0)
                byLast.Add(width);
        }

        return byLast;
    }

    /// <summary>
    /// True if an interrupted first append can explain the content of this file, which has no complete record.
    /// </summary>
    /// <remarks>
    /// For a file that Flume created, any hole of zeros is possible, and any content while no byte was synced. Any
    /// other file must begin with the start of a JSON record or a record of up to 64 KiB. Gzip, text, images and random
    /// bytes are not accepted as a log.
    /// </remarks>
    private static bool MayBeTorn(ILogFile file, long length, LogOptions options, string path)
    {
        using var mark = new SyncMark(path, options);
        if (mark.Loaded is { Synced: 0 })
            return true;
        bool isOurs = File.Exists(path + SyncMark.Suffix);
        byte[] start = new byte[(int)Math.Min(length, SectorBytes)];
        int read = file.ReadFully(start, 0);
        if (read < Frame.LengthBytes + 1)
            return isOurs || start[0] == 0;
        if (!start.AsSpan(0, read).ContainsAnyExcept((byte)0))
            return isOurs;
        long record = Frame.ReadLength(start);
        bool isSmall = record <= ForeignRecordBytesMax || start[Frame.LengthBytes] == (byte)'{';
        if (record == 0 || record > options.RecordBytesMax || (!isOurs && !isSmall))
            return false;
        long trailer = Frame.LengthBytes + record;
        return trailer + Frame.Overhead(OffsetWidth.Bits32.Bytes()) > length || (isOurs && IsHole(file, trailer));
    }

    private static bool IsHole(ILogFile file, long position)
    {
        Span<byte> bytes = stackalloc byte[Frame.LengthBytes];
        int read = file.ReadFully(bytes, position);
        return !bytes[..read].ContainsAnyExcept((byte)0);
    }

    private static LogFormatException NotALog(string path, long length) => new(
        $"{path} is not a flumelog-offset log: none of its {length} bytes end a record of 32, 48 or 53-bit offsets, " +
        "and they are not the start of an interrupted record. The file was not changed. Name a log, or move the file " +
        "away to start an empty log.");

    private static LogFormatException Ambiguous(string path, List<OffsetWidth> fit) => new(
        $"Cannot detect the width of the log {path}: its first record is damaged, and its last records are valid " +
        $"with {string.Join(" and ", fit.Select(width => width.Bits()))} bits. " +
        "Open it with the width that its writer used.");

    private static LogFormatException OtherWidth(string path, OffsetWidth found, OffsetWidth wanted) => new(
        $"The log {path} has {found.Bits()}-bit offsets, but the options request {wanted.Bits()}-bit offsets. " +
        "Omit the width, or import the log into a new log of the requested width.");
}
