namespace Flume.Log;

/// <summary>Reads the records of a <see cref="LogRange"/> one at a time and verifies each.</summary>
/// <remarks>
/// 1. A cursor stops at the head of its creation. A live cursor reads the new head whenever it reaches the end.
/// 2. Deleted records are skipped by default and do not count towards the limit.
/// 3. Not thread-safe. It holds no file and no lock, so it needs no disposal.
/// </remarks>
public sealed class LogCursor
{
    private readonly OffsetLog log;
    private readonly LogRange range;
    private readonly long lowest;  // inclusive
    private readonly long highest; // inclusive
    private HeadMark mark;
    private long position; // forward: of the next frame; reverse: the byte after it
    private long remaining;

    internal LogCursor(OffsetLog log, LogRange range)
    {
        (this.log, this.range, mark) = (log, range, log.Mark);
        lowest = Math.Max(0, range.Gt is { } gt ? gt.Value + 1 : range.Gte?.Value ?? 0);
        highest = range.Lt is { } lt ? lt.Value - 1 : range.Lte?.Value ?? long.MaxValue;
        remaining = range.Limit > 0 ? range.Limit : long.MaxValue;
        position = range.Reverse ? StartOfReverse() : StartOfForward();
    }

    /// <summary>The record of the last successful <see cref="MoveNext"/>.</summary>
    public LogRecord Current { get; private set; }

    /// <summary>
    /// True if <see cref="MoveNext"/> will never succeed again. A live cursor at the head is not done.
    /// </summary>
    public bool Done { get; private set; }

    /// <summary>The head that this cursor saw last. A live reader waits for a higher one.</summary>
    internal Offset HeadSeen => mark.Last;

    /// <summary>Supports <c>foreach</c>.</summary>
    public LogCursor GetEnumerator() => this;

    /// <summary>Moves to the next record. False at the end of the range, or for a live cursor at the head.</summary>
    /// <exception cref="LogDamagedException">The next record does not verify.</exception>
    public bool MoveNext()
    {
        while (!Done)
        {
            if (!Step(out LogRecord record))
                return false;
            if (record.Deleted && !range.IncludeDeleted)
                continue;
            Current = record;
            Done = --remaining == 0;
            return true;
        }

        return false;
    }

    private bool Step(out LogRecord record) => range.Reverse ? StepBack(out record) : StepForward(out record);

    private bool StepForward(out LogRecord record)
    {
        do
        {
            record = default;
            if (position > highest)
                return Finish();
            if (position >= mark.End && !SeesMore())
                return !IsLive && Finish();
            record = log.ReadAt(position, mark.End);
            position = record.Next.Value;
        }
        while (record.Offset.Value < lowest);

        return true;
    }

    private bool StepBack(out LogRecord record)
    {
        record = default;
        Offset start = position > 0 ? log.StartBefore(position) : Offset.None;
        if (start.Value < lowest)
            return Finish();
        record = log.ReadAt(start.Value, position);
        position = start.Value;
        return true;
    }

    private bool IsLive => range.Live || !range.Old;

    private bool SeesMore()
    {
        if (IsLive)
            mark = log.Mark;
        return position < mark.End;
    }

    private bool Finish()
    {
        Done = true;
        return false;
    }

    // A forward read starts at a record, at zero, or at the end. Each record gives the position of the next one.
    private long StartOfForward()
    {
        if (!range.Old)
            return mark.End;
        if (lowest == 0)
            return 0;
        if (lowest > mark.Last.Value)
            return mark.End;
        bool exclusive = range.Gt is not null;
        long start = exclusive ? lowest - 1 : lowest;
        if (!log.StartsRecord(start, mark.End))
            throw new LogOffsetException(
                new Offset(start),
                $"Cannot read the log {log.Path} from {(exclusive ? "gt" : "gte")} {start}: no record starts there. " +
                "Use the offset of a record that the log gave out, or -1 for the beginning.");
        return start;
    }

    // A reverse read can start anywhere: it searches an upper bound inside a record from the head.
    private long StartOfReverse()
    {
        if (!range.Old || mark.End == 0 || highest < 0)
            return 0;
        if (highest >= mark.Last.Value)
            return mark.End;
        if (log.StartsRecord(highest, mark.End))
            return log.ReadAt(highest, mark.End).Next.Value;
        if (range.Lt is { } bound && log.StartsRecord(bound.Value, mark.End))
            return bound.Value;
        long end = mark.End;
        while (log.StartBefore(end) is var start && start.Value > highest)
            end = start.Value;
        return end;
    }
}
