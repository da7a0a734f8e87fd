namespace Flume.Log;

/// <summary>Reads the records of a <see cref="LogRange"/> one at a time and verifies each.</summary>
/// <remarks>
/// 1. A cursor stops at the head of its creation. A live cursor reads the new head whenever it reaches the end.
/// 2. Deleted records are skipped by default and do not count towards the limit.
/// 3. Not thread-safe. It holds no file and no lock, so it needs no disposal.
/// </remarks>
public sealed class LogCursor
{
    private readonly OffsetLog _log;
    private readonly LogRange _range;
    private readonly long _lowest;  // inclusive
    private readonly long _highest; // inclusive
    private HeadMark _mark;
    private long _position; // forward: of the next frame; reverse: the byte after it
    private long _remaining;

    internal LogCursor(OffsetLog log, LogRange range)
    {
        (_log, _range, _mark) = (log, range, log.Mark);
        _lowest = Math.Max(0, range.Gt is { } gt ? gt.Value + 1 : range.Gte?.Value ?? 0);
        _highest = range.Lt is { } lt ? lt.Value - 1 : range.Lte?.Value ?? long.MaxValue;
        _remaining = range.Limit > 0 ? range.Limit : long.MaxValue;
        _position = range.Reverse ? StartOfReverse() : StartOfForward();
    }

    /// <summary>The record of the last successful <see cref="MoveNext"/>.</summary>
    public LogRecord Current { get; private set; }

    /// <summary>
    /// True if <see cref="MoveNext"/> will never succeed again. A live cursor at the head is not done.
    /// </summary>
    public bool Done { get; private set; }

    /// <summary>The head that this cursor saw last. A live reader waits for a higher one.</summary>
    internal Offset HeadSeen => _mark.Last;

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
            if (record.Deleted && !_range.IncludeDeleted)
                continue;
            Current = record;
            Done = --_remaining == 0;
            return true;
        }

        return false;
    }

    private bool Step(out LogRecord record) => _range.Reverse ? StepBack(out record) : StepForward(out record);

    private bool StepForward(out LogRecord record)
    {
        do
        {
            record = default;
            if (_position > _highest)
                return Finish();
            if (_position >= _mark.End && !SeesMore())
                return !IsLive && Finish();
            record = _log.ReadAt(_position, _mark.End);
            _position = record.Next.Value;
        }
        while (record.Offset.Value < _lowest);

        return true;
    }

    private bool StepBack(out LogRecord record)
    {
        record = default;
        Offset start = _position > 0 ? _log.StartBefore(_position) : Offset.None;
        if (start.Value < _lowest)
            return Finish();
        record = _log.ReadAt(start.Value, _position);
        _position = start.Value;
        return true;
    }

    private bool IsLive => _range.Live || !_range.Old;

    private bool SeesMore()
    {
        if (IsLive)
            _mark = _log.Mark;
        return _position < _mark.End;
    }

    private bool Finish()
    {
        Done = true;
        return false;
    }

    // A forward read starts at a record, at zero, or at the end. Each record gives the position of the next one.
    private long StartOfForward()
    {
        if (!_range.Old)
            return _mark.End;
        if (_lowest == 0)
            return 0;
        if (_lowest > _mark.Last.Value)
            return _mark.End;
        bool exclusive = _range.Gt is not null;
        long start = exclusive ? _lowest - 1 : _lowest;
        if (!_log.StartsRecord(start, _mark.End))
            throw new LogOffsetException(
                new Offset(start),
                $"Cannot read the log {_log.Path} from {(exclusive ? "gt" : "gte")} {start}: no record starts there. " +
                "Use the offset of a record that the log returned, or -1 for the beginning.");
        return start;
    }

    // A reverse read can start anywhere: it searches an upper bound inside a record from the head.
    private long StartOfReverse()
    {
        if (!_range.Old || _mark.End == 0 || _highest < 0)
            return 0;
        if (_highest >= _mark.Last.Value)
            return _mark.End;
        if (_log.StartsRecord(_highest, _mark.End))
            return _log.ReadAt(_highest, _mark.End).Next.Value;
        if (_range.Lt is { } bound && _log.StartsRecord(bound.Value, _mark.End))
            return bound.Value;
        long end = _mark.End;
        while (_log.StartBefore(end) is var start && start.Value > _highest)
            end = start.Value;
        return end;
    }
}
