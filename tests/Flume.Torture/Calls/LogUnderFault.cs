using Flume.Log;

namespace Flume.Torture.Calls;

/// <summary>A fixed script on a log whose disk fails; then the disk is well, and all is as acknowledged.</summary>
internal sealed class LogUnderFault(Attempt attempt, FailingDisk disk)
{
    private const int Calls = 14;

    private readonly Random _random = new(attempt.Seed);
    private readonly Dictionary<long, byte[]> _acknowledged = [];
    private readonly HashSet<long> _deleteTried = [], _deleted = [];
    private readonly string _folder = Path.Combine(attempt.MemoryFolder, "log");

    private string LogPath => Path.Combine(_folder, "log.offset");

    public void Run()
    {
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
        Directory.CreateDirectory(_folder);
        Live();
        Live();
        disk.Heal();
        try
        {
            using (OffsetLog log = OffsetLog.Open(LogPath, Options)) Judge(log);
            using OffsetLog again = OffsetLog.Open(LogPath, Options);
            Judge(again);
        }
        catch (Exception failed) when (failed is LogException or IOException)
        {
            string sort = $"the log fails with {failed.GetType().Name} when the disk is well";
            attempt.Violate(sort, $"{disk.Failed}: {failed.Message}");
        }
    }

    private LogOptions Options => new() { Disk = disk, CrcBlockBytes = 4096 };

    private void Live()
    {
        try
        {
            using OffsetLog log = OffsetLog.Open(LogPath, Options);
            for (int call = 0; call < Calls; call++) Try(log, call);
            if (!disk.HasFailed) return;
            disk.Heal();
            log.Reopen();
            Append(log, Durability.Fsync);
        }
        catch (Exception refused) when (refused is LogException or IOException)
        {
            // An open may fail while the disk does; a log that is open goes on when the disk is well.
            if (disk.HasFailed) disk.Heal();
        }
    }

    private void Try(OffsetLog log, int call)
    {
        try
        {
            if (call % 7 == 4) Delete(log);
            else if (call % 7 == 6) log.AddChecksums();
            else Append(log, call % 3 == 1 ? Durability.Os : Durability.Fsync);
        }
        catch (Exception refused) when (refused is LogWriteFailedException or LogRejectedException or IOException)
        {
            if (refused is IOException)
                attempt.Violate("an error of the disk is none of the log", $"{disk.Failed}: {refused}");
        }
    }

    private void Append(OffsetLog log, Durability durability)
    {
        byte[] payload = new byte[_random.Next(1, 1500)];
        for (int i = 0; i < payload.Length; i++) payload[i] = (byte)_random.Next(' ', '~');
        Offset at = log.Append(payload, durability);
        _acknowledged[at.Value] = payload;
    }

    private void Delete(OffsetLog log)
    {
        if (_acknowledged.Count == 0) return;
        long offset = _acknowledged.Keys.Min();
        _deleteTried.Add(offset);
        log.Delete(new Offset(offset), Durability.Fsync);
        _deleted.Add(offset);
    }

    private void Judge(OffsetLog log)
    {
        if (log.Recovery.Damage.IsSome || log.RefusesWritesBecause is not null)
            attempt.Violate(
                "the log is refused when the disk is well", $"{disk.Failed}: {log.RefusesWritesBecause?.Message}");
        foreach (long offset in _deleteTried.Except(_deleted)) log.FinishDelete(new Offset(offset));
        foreach ((long offset, byte[] payload) in _acknowledged)
        {
            bool isThere = log.TryRead(new Offset(offset), out LogRecord record);
            if (!isThere) attempt.Violate("an acknowledged record is lost", $"{disk.Failed}: {offset}");
            else if (_deleteTried.Contains(offset) && !record.Deleted)
                attempt.Violate("a delete is undone", $"{disk.Failed}: {offset}");
            else if (!_deleteTried.Contains(offset) && !record.Payload.Span.SequenceEqual(payload))
                attempt.Violate("an acknowledged record has other bytes", $"{disk.Failed}: {offset}");
        }

        if (!LogVerifier.Verify(log).Sound) attempt.Violate("verify finds damage", disk.Failed);
        log.Append("{}"u8.ToArray(), Durability.Fsync);
    }
}
