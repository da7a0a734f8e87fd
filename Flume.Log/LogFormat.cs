namespace Flume.Log;

/// <summary>Finds out a log's width, which the file does not say.</summary>
/// <remarks>
/// The first frame decides, since no other width can read it: its end marker is its own size, too small for a second
/// reading. When that one is damaged or torn, the frames at the end decide. Source: docs/spec 1.1.
/// </remarks>
internal static class LogFormat
{
    private const int SectorBytes = 512, ForeignRecordBytesMax = 1 << 16;

    /// <summary>The width of the file, or the one asked for when the file holds no record yet.</summary>
    /// <exception cref="LogFormatException">
    /// It is another width than asked for, cannot be told, or this is no offset log.
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

    /// <summary>True when a first append that a crash cut short can have left this file, which has no whole record.</summary>
    /// <remarks>
    /// Of a file that Flume made any hole of zeros is possible, and anything while no byte of it was synced. Of another
    /// one only the beginning of a record is taken for a log, of JSON or of up to 64 KiB: gzip, text, images and random
    /// bytes are not.
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
        $"{path} is no flumelog-offset log: none of its {length} bytes end a record of 32, 48 or 53-bit offsets, and " +
        "they are no record that a crash cut short. Nothing was changed. Name a log, or move the file away to start an " +
        "empty one.");

    private static LogFormatException Ambiguous(string path, List<OffsetWidth> fit) => new(
        $"The width of the log {path} cannot be told: its first record is damaged, and its last ones read as " +
        $"{string.Join(" and ", fit.Select(width => width.Bits()))} bits alike. " +
        "Open it with the width that it was written with.");

    private static LogFormatException OtherWidth(string path, OffsetWidth found, OffsetWidth wanted) => new(
        $"The log {path} has {found.Bits()}-bit offsets but was to be opened with {wanted.Bits()}-bit ones. " +
        "Leave the width out, or import the log into a new one of the width wanted.");
}
