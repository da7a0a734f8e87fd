namespace Flume.Log;

/// <summary>Notices that another process wrote a log that this one writes.</summary>
internal static class SharedLog
{
    /// <summary>
    /// Compares the end of the file with the head: its length, and the fields of the last record. Null when they agree.
    /// </summary>
    /// <remarks>Two small reads before each write. A foreign write below the last record is not noticed here.</remarks>
    public static Exception? Found(ILogFile file, HeadMark head, LogSettings log)
    {
        try
        {
            long length = file.Length;
            if (length != head.End)
                return new LogSharedException(
                    log.Path, $"it has {length} bytes, and this process wrote it up to {head.End}");
            if (head.End == 0 || IsLast(file, head, log))
                return null;
            return new LogSharedException(
                log.Path,
                $"the record at offset {head.Last} is no longer the one that this process read or wrote there");
        }
        catch (IOException cause)
        {
            return cause;
        }
    }

    private static bool IsLast(ILogFile file, HeadMark head, LogSettings log)
    {
        Span<byte> first = stackalloc byte[Frame.LengthBytes];
        Span<byte> last = stackalloc byte[Frame.LengthBytes + log.EndBytes];
        uint length = (uint)(head.End - head.Last.Value - log.Overhead);
        return file.ReadFully(first, head.Last.Value) == first.Length
            && file.ReadFully(last, head.End - last.Length) == last.Length
            && Frame.ReadLength(first) == length && Frame.ReadLength(last) == length
            && Frame.ReadEnd(last[Frame.LengthBytes..], log.EndBytes) == head.End;
    }
}
