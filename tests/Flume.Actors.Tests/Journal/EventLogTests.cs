using Flume.Ssb.Api;
using Xunit;

namespace Flume.Actors.Tests.Journal;

public sealed class EventLogTests : IDisposable
{
    private static readonly DateTimeOffset Until = new(2024, 5, 1, 12, 0, 0, TimeSpan.FromHours(2));

    private readonly string _folder = Directory.CreateTempSubdirectory("flume-journal-").FullName;

    private string FilePath => Path.Combine(_folder, "journal.offset");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_field_of_an_event_comes_back()
    {
        OperatorStateChanged[] events =
        [
            new("feeds", new ViewOperatorState(3, new IndexBudget(0.25, 1000), new PauseInfo("\"night\" \u2603", Until), "requested") { MustPurgeDeleted = true }),
            new("about", new ViewOperatorState(1, IndexBudget.Full, new PauseInfo("", null), null)),
            new("query", ViewOperatorState.None),
        ];
        using (EventLog journal = Open()) journal.Write(JournalRecord.Write("a", 1, 638, events));
        using EventLog again = Open();
        Assert.Equal(events, again.Read("a", 1, 3).Select(read => read.Event));
        Assert.All(again.Read("a", 1, 3), read => Assert.Equal(638, read.Ticks));
    }

    [Fact]
    public void A_journal_whose_disk_was_full_takes_events_again_once_there_is_room()
    {
        var disk = new Flume.TestKit.FaultyDisk();
        using EventLog journal = EventLog.Open(FilePath, 1 << 20, disk);
        journal.Write(JournalRecord.Write("a", 1, 0, [Event("one")]));
        disk.Room = ("journal.offset", 5);
        Assert.ThrowsAny<Flume.Log.LogException>(() => journal.Write(JournalRecord.Write("a", 2, 0, [Event("two")])));
        disk.Room = null;

        journal.Write(JournalRecord.Write("a", 2, 0, [Event("two")]));

        Assert.Equal(2, journal.Read("a", 1, 9).Count);
        journal.Dispose();
        using EventLog again = Open();
        Assert.Equal(2, again.Read("a", 1, 9).Count);
    }

    [Fact]
    public void A_journal_that_can_not_be_read_is_closed_again()
    {
        using (Flume.Log.OffsetLog log = Flume.Log.OffsetLog.Open(FilePath))
            log.Append("{\"no\":1}"u8.ToArray(), Flume.Log.Durability.Fsync);
        Assert.Throws<InvalidDataException>(Open);
        Assert.Throws<InvalidDataException>(Open); // not: it is open already
    }

    [Fact]
    public void A_range_of_numbers_is_read_with_both_ends_and_streams_do_not_mix()
    {
        using EventLog journal = Open();
        for (int i = 1; i <= 5; i++)
        {
            journal.Write(JournalRecord.Write("a", i * 2 - 1, 0, [Event($"a{i}"), Event($"a{i}b")]));
            journal.Write(JournalRecord.Write("b", i, 0, [Event($"b{i}")]));
        }

        Assert.Equal([2L, 3, 4, 5], journal.Read("a", 2, 5).Select(read => read.Number));
        Assert.Equal(["a1b", "a2", "a2b", "a3"], Names(journal.Read("a", 2, 5)));
        Assert.Equal((10L, 5L, 0L), (journal.Highest("a"), journal.Highest("b"), journal.Highest("c")));
    }

    [Fact]
    public void Deleted_events_stay_deleted_and_the_highest_number_stays_known()
    {
        using (EventLog journal = Open())
        {
            journal.Write(JournalRecord.Write("a", 1, 0, [Event("1"), Event("2"), Event("3")]));
            journal.Delete("a", 2);
            Assert.Equal(["3"], Names(journal.Read("a", 1, 9)));
            journal.Delete("a", long.MaxValue);
        }

        using EventLog again = Open();
        Assert.Empty(again.Read("a", 1, 9));
        Assert.Equal(3, again.Highest("a"));
        again.Write(JournalRecord.Write("a", 4, 0, [Event("4")]));
        Assert.Equal(["4"], Names(again.Read("a", 1, 9)));
    }

    [Fact]
    public void A_number_that_is_taken_is_refused_and_names_the_actor()
    {
        using EventLog journal = Open();
        journal.Write(JournalRecord.Write("a", 1, 0, [Event("1")]));
        var doubled = Assert.Throws<InvalidOperationException>(() => journal.Write(JournalRecord.Write("a", 1, 0, [Event("x")])));
        Assert.Contains("'a'", doubled.Message);
        Assert.Equal(["1"], Names(journal.Read("a", 1, 9)));
    }

    [Fact]
    public void A_write_torn_at_any_byte_is_there_as_a_whole_or_not_at_all()
    {
        long before, after;
        using (EventLog journal = Open())
        {
            journal.Write(JournalRecord.Write("a", 1, 0, [Event("1")]));
            before = journal.Bytes;
            journal.Write(JournalRecord.Write("a", 2, 0, [Event("2"), Event("3")]));
            after = journal.Bytes;
        }

        byte[] whole = File.ReadAllBytes(FilePath);
        for (long cut = before; cut <= after; cut++)
        {
            foreach (string file in Directory.GetFiles(_folder)) File.Delete(file);
            File.WriteAllBytes(FilePath, whole[..(int)cut]);
            using EventLog torn = Open();
            Assert.Equal(cut == after ? ["1", "2", "3"] : ["1"], Names(torn.Read("a", 1, 9)));
        }
    }

    [Fact]
    public void Void_events_are_removed_at_opening_once_they_are_many_and_nothing_else_changes()
    {
        long before;
        using (EventLog journal = Open())
        {
            for (int i = 1; i <= 200; i++) journal.Write(JournalRecord.Write("a", i, 0, [Event($"{i}")]));
            journal.Write(JournalRecord.Write("b", 1, 0, [Event("kept")]));
            journal.Delete("a", 198);
            before = journal.Bytes;
        }

        using EventLog compacted = EventLog.Open(FilePath, compactBytes: 1000);
        Assert.True(compacted.Bytes < before / 10);
        Assert.Equal(["199", "200"], Names(compacted.Read("a", 1, 999)));
        Assert.Equal(["kept"], Names(compacted.Read("b", 1, 9)));
        Assert.Equal(200, compacted.Highest("a"));
    }

    [Fact]
    public void A_record_of_something_else_is_named_with_its_offset_and_the_way_out()
    {
        using (Flume.Log.OffsetLog log = Flume.Log.OffsetLog.Open(FilePath)) log.Append("[]"u8.ToArray(), Flume.Log.Durability.Os);
        string message = Assert.Throws<InvalidDataException>(() => Open()).Message;
        Assert.Contains("offset 0", message);
        Assert.Contains("move the file away", message);
    }

    private EventLog Open() => EventLog.Open(FilePath, long.MaxValue);

    private static OperatorStateChanged Event(string name) => new(name, ViewOperatorState.None);

    private static IEnumerable<string> Names(IEnumerable<(long Number, object Event, long Ticks)> read) =>
        read.Select(one => ((OperatorStateChanged)one.Event).View);
}
