using Flume.Primitives;

namespace Flume.Log;

/// <summary>Reads the log front to back in runs of whole records, for bulk work: bounded memory, and no mapped page becomes resident.</summary>
/// <remarks>
/// Several threads may take runs from one scanner: a lock is held while a run's bytes are fetched and its frames checked, not while the
/// caller works on it. After an error each further call throws the same.
/// </remarks>
public sealed class LogScanner
{
    /// <summary>Bytes that one run covers at most, unless a single record is larger.</summary>
    public const int RunBytes = 4 << 20;

    private readonly Lock taking = new();
    private readonly OffsetLog log;
    private readonly int width;
    private readonly long end;
    private long position;
    private long index;

    /// <summary>Scans the records after <paramref name="after"/> (exclusive; None: from the first) up to <paramref name="through"/> (inclusive).</summary>
    /// <exception cref="LogOffsetException">One of the two is neither None nor the start of a record.</exception>
    public LogScanner(OffsetLog log, Offset after, Offset through)
    {
        this.log = log;
        width = log.Width.Bytes();
        position = after.IsSome ? log.Next(after).Value : 0;
        end = through.IsSome ? log.Next(through).Value : 0;
    }

    /// <summary>Reads the next run; false when there is none. A run may hold no records when all of its frames are deleted.</summary>
    /// <exception cref="LogDamagedException">A record does not verify; those before it in the same run were not given out.</exception>
    public bool ReadRun(LogRun run)
    {
        lock (taking)
        {
            run.Clear();
            if (position >= end)
                return false;
            run.Reserve(RunBytes);
            int bytes = Fetch(run, RunBytes);
            int covered = Walk(run, bytes);
            if (covered == 0)
                covered = ReadLarge(run);
            run.Bytes = covered;
            run.First = new Offset(position);
            run.Index = index++;
            position += covered;
            return true;
        }
    }

    private int Fetch(LogRun run, int most)
    {
        int bytes = (int)Math.Min(most, end - position);
        log.ReadRaw(run.Buffer.AsSpan(0, bytes), position);
        return bytes;
    }

    private int Walk(LogRun run, int bytes)
    {
        ReadOnlySpan<byte> buffer = run.Buffer.AsSpan(0, bytes);
        int overhead = Frame.Overhead(width);
        int at = 0;
        int last = 0;
        while (at < bytes)
        {
            FrameFault fault = Frame.Check(buffer[at..], position + at, width, out long length);
            if (fault == FrameFault.Cut && position + bytes < end)
                break;
            if (fault != FrameFault.None)
                throw log.Damaged(position + at, LogReader.Describe(fault, buffer[at..], position + at, width));
            int start = at + Frame.LengthBytes;
            if (!Frame.IsDeleted(buffer.Slice(start, (int)length)))
                run.Add(new RunRecord(new Offset(position + at), start, (int)length));
            last = at;
            at += (int)length + overhead;
            run.Frames++;
        }

        run.Last = new Offset(position + last);
        return at;
    }

    // A record that no run can hold gets one of its own; the checked read finds out whether it is a record at all.
    private int ReadLarge(LogRun run)
    {
        LogRecord record = log.ReadAt(position, end);
        int bytes = (int)(record.Next.Value - position);
        run.Reserve(bytes);
        Fetch(run, bytes);
        return Walk(run, bytes);
    }
}
