namespace Flume.Log;

/// <summary>
/// Reads consecutive verified frames into a <see cref="RecordBatch"/> with plain reads, for bulk work.
/// </summary>
internal sealed class BatchReader(ILogFile file, LogSettings log)
{
    /// <summary>The maximum bytes of log in one batch, except for a single larger record.</summary>
    public const int RunBytes = 1 << 20;

    /// <summary>
    /// Fills <paramref name="run"/> with the frames from <paramref name="position"/> up to the first invalid one. If
    /// the first frame is invalid, the batch is empty and the error is returned; otherwise null.
    /// </summary>
    public string? Fill(RecordBatch run, long position, long end)
    {
        run.Clear(position);
        run.Reserve(RunBytes);
        int bytes = Fetch(run, position, Math.Min(RunBytes, end - position));
        FrameFault fault = Walk(run, bytes);
        if (run.Bytes > 0)
            return null;
        ReadOnlySpan<byte> first = run.Buffer.AsSpan(0, bytes);
        return fault == FrameFault.Cut
            ? FillOne(run, first, end)
            : Frame.Describe(fault, first, position, log.EndBytes);
    }

    private int Fetch(RecordBatch run, long position, long bytes) =>
        file.ReadFully(run.Buffer.AsSpan(0, (int)bytes), position);

    private FrameFault Walk(RecordBatch run, int bytes)
    {
        ReadOnlySpan<byte> buffer = run.Buffer.AsSpan(0, bytes);
        long first = run.First.Value;
        int at = 0;
        FrameFault fault = FrameFault.None;
        while (at < bytes)
        {
            fault = Frame.Check(buffer[at..], first + at, log.EndBytes, out long length);
            if (fault != FrameFault.None)
                break;
            int start = at + Frame.LengthBytes;
            bool deleted = Frame.IsDeleted(buffer.Slice(start, (int)length));
            run.Add(new RunRecord(new Offset(first + at), start, (int)length), deleted);
            at += (int)length + log.Overhead;
        }

        run.Bytes = at;
        return bytes == 0 ? FrameFault.Cut : fault;
    }

    // A record larger than a batch gets its own buffer, after the end of its frame confirms the length.
    private string? FillOne(RecordBatch run, ReadOnlySpan<byte> first, long end)
    {
        long position = run.First.Value;
        if (first.Length < Frame.LengthBytes)
            return $"only {first.Length} bytes are left before the end, too few for a record";
        long length = Frame.ReadLength(first);
        long bytes = length + log.Overhead;
        if (position + bytes > end)
            return $"its length {length} reaches to {position + bytes}, beyond the end of the log at {end}";
        Span<byte> after = stackalloc byte[Frame.LengthBytes];
        int found = file.ReadFully(after, position + Frame.LengthBytes + length);
        if (found < after.Length || Frame.ReadLength(after) != length)
            return $"the length before the payload is {length}, the one after it {Frame.ReadLength(after)}";
        if (bytes > Array.MaxLength)
            return $"its length {length} is more than can be read at once";
        run.Reserve((int)bytes);
        int read = Fetch(run, position, bytes);
        FrameFault fault = Walk(run, read);
        return fault == FrameFault.None
            ? null
            : Frame.Describe(fault, run.Buffer.AsSpan(0, read), position, log.EndBytes);
    }
}
