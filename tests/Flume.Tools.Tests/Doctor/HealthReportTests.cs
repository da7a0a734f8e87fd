using Flume.Actors;
using Flume.Log;
using Flume.Ssb.Messages;
using Flume.TestKit;
using Flume.Tools.Doctor;
using Flume.Views.Store;

namespace Flume.Tools.Tests.Doctor;

public sealed class HealthReportTests
{
    private static readonly byte[] Record = "{\"a\":1}"u8.ToArray();

    [Fact]
    public async Task Rows_of_a_registered_view_are_looked_at_under_its_own_name()
    {
        using TempFolder folder = new();
        Offset head = Log(folder);
        Store(folder, "+mine", "mine", head);
        CheckupReport report = await HealthReport.RunAsync(new CheckupOptions(folder.Path));
        Assert.True(report.IsHealthy, string.Join('\n', report.Findings));
        Assert.Equal(1, Assert.Single(report.Identities).Views);
    }

    [Fact]
    public async Task Rows_ahead_of_the_log_are_set_aside_and_the_list_says_where()
    {
        using TempFolder folder = new();
        Offset head = Log(folder);
        Store(folder, "feeds", "feeds", new Offset(head.Value + 1000));
        CheckupReport report = await HealthReport.RunAsync(new CheckupOptions(folder.Path));
        Finding ahead = Assert.Single(report.Findings, finding => !finding.IsNote);
        Assert.Equal("store-ahead", ahead.Code);

        (IReadOnlyList<RepairResult> done, string? aside) = await RepairPlan.RunAsync(
            new CheckupOptions(folder.Path), report.Findings, TimeProvider.System);
        Assert.All(done, treated => Assert.Null(treated.Failure));
        Assert.True(Directory.Exists(Path.Combine(aside!, "identities", "me", "views", "feeds")));
        Assert.Contains("views/feeds", await File.ReadAllTextAsync(Path.Combine(aside!, "list.txt")));
        report = await HealthReport.RunAsync(new CheckupOptions(folder.Path) { Rows = true });
        Assert.True(report.IsHealthy, string.Join('\n', report.Findings));
    }

    [Fact]
    public async Task A_journal_that_is_none_is_set_aside()
    {
        using TempFolder folder = new();
        Log(folder);
        using (OffsetLog journal = OffsetLog.Open(folder["journal.offset"])) journal.Append(Record, Durability.Os);
        CheckupReport report = await HealthReport.RunAsync(new CheckupOptions(folder.Path));
        Assert.Equal("journal-unreadable", Assert.Single(report.Findings, finding => !finding.IsNote).Code);
        await RepairPlan.RunAsync(new CheckupOptions(folder.Path), report.Findings, TimeProvider.System);
        Assert.False(File.Exists(folder["journal.offset"]));
        Assert.True((await HealthReport.RunAsync(new CheckupOptions(folder.Path))).IsHealthy);
    }

    [Fact]
    public async Task A_log_that_somebody_writes_without_the_directory_is_told()
    {
        using TempFolder folder = new();
        Log(folder);
        using OffsetLog writer = OffsetLog.Open(folder["identities", "me", "log.offset"]);
        CheckupReport report = await HealthReport.RunAsync(new CheckupOptions(folder.Path));
        Assert.Contains(report.Findings, finding => finding.Code == "log-held" && !finding.CanFix);
        Assert.True((await HealthReport.RunAsync(new CheckupOptions(folder.Path) { IsHeld = true })).IsHealthy);
    }

    [Fact]
    public async Task An_identity_without_a_log_and_a_restore_that_never_ended_are_told()
    {
        using TempFolder folder = new();
        Directory.CreateDirectory(folder["identities", "empty"]);
        Directory.CreateDirectory(folder["restoring-me"]);
        CheckupReport report = await HealthReport.RunAsync(new CheckupOptions(folder.Path));
        Assert.Equal(["left-over", "log-missing"],
            report.Findings.Where(finding => !finding.IsNote).Select(finding => finding.Code).Order());
    }

    [Fact]
    public async Task A_forked_own_feed_is_named_and_a_message_that_is_there_twice_is_no_fork()
    {
        using TempFolder folder = new();
        FeedKeys keys = FeedKeys.Generate();
        string log = folder["identities", "me", "log.offset"];
        SecretFile.TryCreate(folder["identities", "me", "secret"], keys);
        using (OffsetLog own = OffsetLog.Open(log))
        {
            foreach ((string key, int sequence) in new[] { ("%a", 1), ("%b", 2), ("%a", 1), ("%c", 3) })
                own.Append(Message(keys.Id, key, sequence), Durability.Os);
            own.Append(Message(FeedKeys.Generate().Id, "%d", 2), Durability.Os);
        }

        Assert.DoesNotContain((await HealthReport.RunAsync(new CheckupOptions(folder.Path))).Findings,
            finding => finding.Code == "own-feed-forked");
        using (OffsetLog own = OffsetLog.Open(log)) own.Append(Message(keys.Id, "%e", 2), Durability.Os);
        Finding fork = Assert.Single((await HealthReport.RunAsync(new CheckupOptions(folder.Path))).Findings,
            finding => finding.Code == "own-feed-forked");
        Assert.Contains("2: %b and %e", fork.Text);
    }

    private static byte[] Message(string author, string key, int sequence) => System.Text.Encoding.UTF8.GetBytes(
        $$$$"""{"key":"{{{{key}}}}","value":{"author":"{{{{author}}}}","sequence":{{{{sequence}}}},"content":{"type":"post"}}}""");

    [Theory]
    [InlineData("""{"key":"temperature","value":{"celsius":21.5}}""")]
    [InlineData("""{"key":17,"value":{"a":1}}""")]
    [InlineData("""{"key":"ssb:message/bendybutt-v1/x=","value":{"author":"ssb:feed/bendybutt-v1/y=","signature":"z"}}""")]
    [InlineData("""{"key":"%Vpx/C0HOlklgKgIYzQLtCwo9kxMDKUUcx4K339p5znE=.ggmsg-v1","value":{"author":"@x.ggfeed-v1"}}""")]
    public async Task A_record_of_another_format_has_no_id_to_check(string record)
    {
        using TempFolder folder = new();
        using (OffsetLog log = OffsetLog.Open(folder["identities", "me", "log.offset"]))
            log.Append(System.Text.Encoding.UTF8.GetBytes(record), Durability.Os);
        MessageIdReport ids = MessageIdCheck.Run(folder["identities", "me", "log.offset"], default);
        Assert.Equal((0, 1, 0), (ids.FaultCount, ids.OtherFormats, ids.Messages));
        Assert.True((await HealthReport.RunAsync(new CheckupOptions(folder.Path) { Ids = true })).IsHealthy);
    }

    [Fact]
    public void A_classic_message_whose_key_or_author_changed_is_still_found()
    {
        using TempFolder folder = new();
        using OffsetLog vectors = OffsetLog.Open(Vectors.Log, new LogOptions { ReadOnly = true });
        string text = System.Text.Encoding.UTF8.GetString(vectors.Get(Offset.Zero).Payload.Span);
        foreach (string changed in new[] { text.Replace("\"key\":\"%", "\"key\":\"!"), text.Replace("\"author\":\"@", "\"author\":\"!") })
        {
            Assert.NotEqual(text, changed);
            string path = folder[$"{changed.GetHashCode()}"];
            using (OffsetLog log = OffsetLog.Open(path)) log.Append(System.Text.Encoding.UTF8.GetBytes(changed), Durability.Os);
            Assert.Equal(1, MessageIdCheck.Run(path, default).FaultCount);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Beside_a_service_a_finding_counts_if_every_look_finds_it(bool isHeld)
    {
        using TempFolder folder = new();
        Inspection inspection = new(new CheckupOptions(folder.Path) { IsHeld = isHeld }, CancellationToken.None);
        int looks = 0;
        await inspection.TryAsync("log", () =>
        {
            inspection.Add("log", new Finding("there", "", "It is damaged.", "Restore it."));
            if (++looks == 1) inspection.Add("log", new Finding("torn-look", "", "It is damaged.", "Restore it."));
            if (looks == 2) throw new EndOfStreamException("Wanted 4 bytes at position 1213 of a file of 134 bytes.");
        });
        await inspection.TryAsync("other", () =>
        {
            if (++looks % 2 == 0) throw new FileNotFoundException("It was deleted.");
        });
        string[] expected = isHeld ? ["there"] : ["there", "torn-look", "unreadable"];
        Assert.Equal(expected, inspection.Findings.Select(finding => finding.Code));
    }

    private static Offset Log(TempFolder folder)
    {
        using OffsetLog log = OffsetLog.Open(folder["identities", "me", "log.offset"]);
        return log.Append(Record, Durability.Os);
    }

    private static void Store(TempFolder folder, string name, string view, Offset since)
    {
        using ViewStoreDirectory directory = new(
            folder["identities", "me", "views", name], view, new StoreResources(new StoreLimits()));
        NextStore next = directory.CreateNext("a test");
        next.Store.Commit(next.Store.NewBatch(), Checkpoint.At(2, since));
        directory.Promote(next);
    }
}
