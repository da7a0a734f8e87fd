using Flume.Actors;
using Flume.Log;
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
            folder.Path, report.Findings, TimeProvider.System);
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
        await RepairPlan.RunAsync(folder.Path, report.Findings, TimeProvider.System);
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
