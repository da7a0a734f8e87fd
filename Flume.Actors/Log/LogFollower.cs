using Flume.Primitives;

namespace Flume.Log;

/// <summary>Moves the head of a log that another process writes, by walking the whole frames that were added to the file.</summary>
/// <remarks>A frame that is not whole yet is looked at again next time. One caller at a time: all methods take the same lock.</remarks>
internal sealed class LogFollower(ILogFile file, LogHead head, LogSettings log)
{
    private readonly Lock following = new();
    private long seenLength = -1;

    /// <summary>Looks at the file once; true when the head moved.</summary>
    /// <exception cref="LogDamagedException">The file became shorter than what was already read.</exception>
    public bool Refresh()
    {
        lock (following)
        {
            HeadMark mark = head.Mark;
            long length = file.Length;
            if (length < mark.End)
                throw new LogDamagedException(
                    mark.Last, $"the file was {mark.End} bytes long and is now {length}: somebody cut it. Open it anew", log.Path);
            if (length == seenLength)
                return false;
            seenLength = length;
            HeadMark next = Walk(mark, length);
            if (next == mark)
                return false;
            head.Publish(next);
            return true;
        }
    }

    private HeadMark Walk(HeadMark mark, long length)
    {
        var tail = new LogTail(new LogWindow(file, length, log.EndBytes), int.MaxValue);
        long end = mark.End;
        while (tail.EndOfFrameAt(end) is var next && next > 0)
            (mark, end) = (new HeadMark(new Offset(end), next), next);
        return mark;
    }
}
