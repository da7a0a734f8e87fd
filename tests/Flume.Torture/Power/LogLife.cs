using Flume.Log;

namespace Flume.Torture.Power;

/// <summary>
/// One life of a log between two power losses: opened, written by random calls, and ended at any step.
/// </summary>
/// <remarks>
/// A life begins with an image that the one before left, so recovery is interrupted as well. What an opened log shows
/// was
/// synced by the opening: from then on it counts as acknowledged.
/// </remarks>
internal sealed class LogLife
{
    private const int CallsMax = 24, LargeBytes = 24_000;

    private readonly Random _random;
    private readonly string _path;
    private readonly ModelDisk _model = new();
    private readonly RecordingDisk _disk;
    private readonly LogOptions _options;
    private readonly HashSet<long> _pendingDeletes;

    public LogLife(Attempt attempt, PowerImage start, OffsetWidth width)
    {
        (_random, _pendingDeletes) = (attempt.Random, start.PendingDeletes);
        string folder = Path.Combine(attempt.MemoryFolder, "life");
        start.WriteTo(folder);
        foreach ((string name, byte[] content) in start.Files) _model.AddDurable(name, content);
        _path = Path.Combine(folder, PowerImage.LogName);
        _disk = new RecordingDisk(_model, attempt.Random) { Stepped = TakeImages };
        _options = new LogOptions { Disk = _disk, Width = width, CrcBlockBytes = 4096, RecordBytesMax = 1 << 20 };
        foreach ((long offset, List<byte[]> payloads) in start.Sent)
            payloads.ForEach(payload => Book.Send(offset, payload));
        Book.Durable(0, start.Durable);
        foreach (long offset in start.PendingDeletes.Concat(start.Deleted)) Book.DeleteTried(0, offset);
        foreach (long offset in start.Deleted) Book.DeleteDurable(0, offset);
    }

    public LogBook Book { get; } = new();

    /// <summary>How many images are taken behind each step.</summary>
    public required int ImagesPerStep { get; init; }

    /// <summary>Judges an image.</summary>
    public required Action<PowerImage> Take { get; init; }

    /// <summary>Opens the log, calls it, closes it; images are taken meanwhile.</summary>
    public void Run()
    {
        using OffsetLog log = OffsetLog.Open(_path, _options);
        Settle(log);
        if (log.RefusesWritesBecause is null) Book.Durable(_model.Steps, Shown(log));
        for (int calls = _random.Next(2, CallsMax); calls > 0; calls--) Call(log);
    }

    /// <summary>An image of the present moment.</summary>
    public PowerImage Image() => new(_model, Book, _random);

    private void TakeImages()
    {
        for (int i = 0; i < ImagesPerStep; i++) Take(Image());
    }

    private void Settle(OffsetLog log)
    {
        foreach (long offset in _pendingDeletes) PowerImage.Settle(log, offset);
    }

    private static Dictionary<long, byte[]> Shown(OffsetLog log)
    {
        Dictionary<long, byte[]> shown = [];
        foreach (LogRecord record in log.Read(LogRange.All))
            shown.Add(record.Offset.Value, record.Payload.ToArray());
        return shown;
    }

    private void Call(OffsetLog log)
    {
        int kind = _random.Next(20);
        _disk.FailsNextSync = kind == 0;
        _disk.FailsNextWrite = kind == 1;
        try
        {
            if (log.RefusesWritesBecause is not null) Reopen(log);
            else if (kind < 12) Append(log);
            else if (kind < 16) Delete(log);
            else if (kind == 16) Flush(log);
            else log.AddChecksums();
        }
        catch (Exception refused) when (refused is LogWriteFailedException or LogRejectedException)
        {
            // The next call reopens the log.
        }

        (_disk.FailsNextSync, _disk.FailsNextWrite) = (false, false);
    }

    private void Reopen(OffsetLog log)
    {
        log.Reopen();
        Book.Durable(_model.Steps, Shown(log));
    }

    private void Flush(OffsetLog log)
    {
        log.Flush(Durability.Fsync);
        Book.Durable(_model.Steps, Shown(log));
    }

    private void Append(OffsetLog log)
    {
        ReadOnlyMemory<byte>[] payloads = [.. Enumerable.Range(0, _random.Next(1, 6)).Select(_ => Payload())];
        long at = log.EndPosition;
        foreach (ReadOnlyMemory<byte> payload in payloads)
        {
            Book.Send(at, payload.ToArray());
            at += payload.Length + 8 + log.Width.Bytes();
        }

        Durability durability = _random.Next(3) == 0 ? Durability.Os : Durability.Fsync;
        log.Append(payloads, durability);
        if (durability == Durability.Fsync) Book.Durable(_model.Steps, Shown(log));
    }

    private void Delete(OffsetLog log)
    {
        long[] shown = [.. Shown(log).Keys];
        if (shown.Length == 0) return;
        long offset = shown[_random.Next(shown.Length)];
        Book.DeleteTried(_model.Steps, offset);
        log.Delete(new Offset(offset), Durability.Fsync);
        Book.DeleteDurable(_model.Steps, offset);
        Book.Durable(_model.Steps, Shown(log));
    }

    // Text, as JSON records are: no zero bytes. Most are small; some cover many sectors.
    private byte[] Payload()
    {
        int bytes = _random.Next(8) == 0 ? _random.Next(1, LargeBytes) : _random.Next(1, 700);
        byte[] payload = new byte[bytes];
        for (int i = 0; i < bytes; i++) payload[i] = (byte)_random.Next(' ', '~');
        return payload;
    }
}
