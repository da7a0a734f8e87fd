namespace Flume.Log;

/// <summary>Advances the head of a log that another process writes, by reading the appended complete frames.</summary>
/// <remarks>
/// An incomplete frame is read again later. All methods use one lock.
/// </remarks>
internal sealed class LogFollower(ILogFile file, LogHead head, LogSettings log)
{
    private readonly Lock _following = new();
    private long _seenLength = -1;

    /// <summary>Reads the file's new end once. True if the head advanced.</summary>
    /// <exception cref="LogDamagedException">The file is shorter than the part already read.</exception>
    public bool Refresh()
    {
        lock (_following)
        {
            HeadMark mark = head.Mark;
            long length = file.Length;
            if (length == _seenLength)
                return false;
            var tail = new TailScanner(new LogWindow(file, length, log.EndBytes), log.Options.RecordBytesMax);
            if (length < mark.End || (mark.End > 0 && tail.StartOfFrameEndingAt(mark.End) < 0))
                throw new LogDamagedException(
                    mark.Last,
                    $"it was read up to {mark.End}, and its {length} bytes now have no record that ends there: " +
                    "another program cut the file. Open the log again", log.Path);
            HeadMark next = Walk(tail, mark);

            // A length that ends inside a record is not final: the rest can appear without a change of length.
            _seenLength = next.End == length ? length : -1;
            if (next == mark)
                return false;
            head.Publish(next);
            return true;
        }
    }

    private static HeadMark Walk(TailScanner tail, HeadMark mark)
    {
        long end = mark.End;
        while (tail.EndOfFrameAt(end) is var next && next > 0)
            (mark, end) = (new HeadMark(new Offset(end), next), next);
        return mark;
    }
}
