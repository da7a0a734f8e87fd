using Flume.Actors;
using Flume.Log;

namespace Flume.Torture.Calls;

/// <summary>A fixed script on a journal whose disk fails; then the disk is well, and each stored event must be there.</summary>
internal sealed class JournalUnderFault(Attempt attempt, FailingDisk disk)
{
    private const string Id = "flume-views-me";
    private const int Writes = 8;

    private readonly HashSet<long> _stored = [];
    private readonly string _folder = Path.Combine(attempt.MemoryFolder, "journal");

    private string JournalPath => Path.Combine(_folder, "journal.offset");

    public void Run()
    {
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
        Directory.CreateDirectory(_folder);
        try
        {
            using EventLog events = EventLog.Open(JournalPath, long.MaxValue, disk);
            for (int i = 0; i < Writes; i++) Write(events);
            disk.Heal();
            Write(events);
            if (!_stored.Contains(events.Highest(Id))) attempt.Violate("the journal does not go on", disk.Failed);
        }
        catch (Exception refused) when (refused is LogException or IOException)
        {
            if (!disk.HasFailed) attempt.Violate("the journal fails without a fault", refused.Message);
        }

        disk.Heal();
        Judge();
    }

    private void Write(EventLog events)
    {
        long number = events.Highest(Id) + 1;
        try
        {
            events.Write(JournalRecord.Write(Id, number, 1, [new DeletionNoted(new Offset(number), false)]));
            _stored.Add(number);
        }
        catch (Exception refused) when (refused is LogException or IOException)
        {
            // The next write reopens the journal.
        }
    }

    private void Judge()
    {
        try
        {
            using EventLog events = EventLog.Open(JournalPath, long.MaxValue, disk);
            HashSet<long> there = [.. events.Read(Id, 0, long.MaxValue).Select(one => one.Number)];
            if (!_stored.IsSubsetOf(there)) attempt.Violate("a stored event is lost", disk.Failed);
        }
        catch (Exception failed) when (failed is LogException or IOException)
        {
            string sort = $"the journal fails with {failed.GetType().Name} when the disk is well";
            attempt.Violate(sort, $"{disk.Failed}: {failed.Message}");
        }
    }
}
