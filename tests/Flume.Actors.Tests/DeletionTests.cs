using Akka.Actor;
using Flume.Log;
using Flume.Ssb.Api;
using Flume.TestKit;
using Flume.Tools.Doctor;
using Xunit;

namespace Flume.Actors.Tests;

/// <summary>A deletion that has begun is carried out, whatever happens to its caller and to the process.</summary>
public sealed class DeletionTests
{
    [Fact]
    public async Task Rows_of_a_record_leave_when_the_caller_of_the_deletion_left()
    {
        await using EngineRig rig = await new EngineRig("", new TestView("alpha")).StartAsync();
        await rig.AppendAsync(5);
        Assert.Equal(5, await rig.CaughtUpAsync("alpha"));
        using var gone = new CancellationTokenSource();
        Task deletion = rig.Alice.DeleteAsync(Offset.Zero, gone.Token).AsTask();
        await gone.CancelAsync();
        await Record.ExceptionAsync(() => deletion);
        while (!IsDeleted(rig)) await Task.Yield();
        while (await rig.CaughtUpAsync("alpha") != 4) await Task.Yield();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_deletion_that_a_crash_interrupted_is_settled_at_the_next_start(bool wasZeroed)
    {
        await using EngineRig rig = await new EngineRig("", new TestView("alpha")).StartAsync();
        await rig.AppendAsync(5);
        Assert.Equal(5, await rig.CaughtUpAsync("alpha"));
        await rig.Engine.StopAsync();
        Note(rig, new DeletionNoted(Offset.Zero, IsSettled: false));
        if (wasZeroed)
        {
            using OffsetLog log = OffsetLog.Open(rig.LogPath);
            log.Delete(Offset.Zero, Durability.Fsync);
        }

        Assert.Contains("deletion-pending", await FindingsAsync(rig));
        await rig.StartAsync();
        await rig.StatusAsync("alpha", status => status is { State: ViewState.Live, Rebuilding: null });
        while (await rig.CaughtUpAsync("alpha") != (wasZeroed ? 4 : 5)) await Task.Yield();
        await rig.Engine.StopAsync();
        Assert.DoesNotContain("deletion-pending", await FindingsAsync(rig));
        await rig.StartAsync();
    }

    [Fact]
    public async Task A_record_that_a_power_loss_zeroed_in_part_is_deleted_at_the_next_start()
    {
        await using EngineRig rig = await new EngineRig("", new TestView("alpha")).StartAsync();
        await rig.AppendAsync(5);
        Assert.Equal(5, await rig.CaughtUpAsync("alpha"));
        await rig.Engine.StopAsync();
        Note(rig, new DeletionNoted(Offset.Zero, IsSettled: false));
        using (FileStream log = new(rig.LogPath, FileMode.Open, FileAccess.Write))
        {
            log.Position = sizeof(int);
            log.Write(new byte[3]);
        }

        await rig.StartAsync();
        while (!IsDeleted(rig)) await Task.Yield();
        while (await rig.CaughtUpAsync("alpha") != 4) await Task.Yield();
        await rig.Engine.StopAsync();
        Assert.DoesNotContain("deletion-pending", await FindingsAsync(rig));
        await rig.StartAsync();
    }

    [Fact]
    public async Task The_journal_holds_the_intent_before_the_first_byte_is_zeroed()
    {
        await using EngineRig rig = await new EngineRig("", new TestView("alpha")).StartAsync();
        await rig.AppendAsync(3);
        await rig.Alice.DeleteAsync(Offset.Zero);
        await rig.Engine.StopAsync();
        string journal = Path.Combine(rig.DataDirectory, "journal.offset");
        using (OffsetLog log = OffsetLog.Open(journal, new LogOptions { ReadOnly = true }))
        {
            List<DeletionNoted> noted = [];
            foreach (LogRecord record in log.Read(LogRange.All))
                noted.AddRange(JournalRecord.Parse(record.Payload).Events.OfType<DeletionNoted>());
            Assert.Equal([new(Offset.Zero, false), new(Offset.Zero, true)], noted);
        }

        await rig.StartAsync();
    }

    [Fact]
    public async Task A_record_that_is_not_there_is_refused_and_no_view_is_rebuilt()
    {
        await using EngineRig rig = await new EngineRig("", new TestView("alpha")).StartAsync();
        await rig.AppendAsync(3);
        await Assert.ThrowsAsync<AppendRejectedException>(async () => await rig.Alice.DeleteAsync(new Offset(3)));
        await rig.Engine.StopAsync();
        Assert.DoesNotContain("deletion-pending", await FindingsAsync(rig));
        await rig.StartAsync();
    }

    [Fact]
    public async Task The_caller_of_a_deletion_whose_actor_stops_is_told_so_and_the_deletion_is_completed()
    {
        var alpha = new TestView("alpha");
        await using EngineRig rig = await new EngineRig("", alpha).StartAsync();
        await rig.AppendAsync(5);
        Assert.Equal(5, await rig.CaughtUpAsync("alpha"));
        using ManualResetEventSlim taken = new(), gate = new();
        alpha.Before = _ =>
        {
            taken.Set();
            EngineRig.Wait(gate);
        };
        await rig.AppendAsync(1);
        EngineRig.Wait(taken); // the view does not answer the purge
        Task deletion = rig.Alice.DeleteAsync(Offset.Zero).AsTask();
        while (!IsDeleted(rig)) await Task.Yield();
        rig.Engine.System.ActorSelection("/user/pub/alice/views/_deletions/journal").Tell(PoisonPill.Instance);
        AppendFailedException unknown = await Assert.ThrowsAsync<AppendFailedException>(() => deletion);
        Assert.Contains("The deletion of the record at 0 was interrupted", unknown.Message);
        gate.Set();
        while (await rig.CaughtUpAsync("alpha") != 5) await Task.Yield();
        await rig.RestartAsync();
        Assert.Equal(5, await rig.CaughtUpAsync("alpha"));
    }

    private static bool IsDeleted(EngineRig rig) => rig.Alice.Log.TryRead(Offset.Zero, out LogRecord record) && record.Deleted;

    private static void Note(EngineRig rig, DeletionNoted noted)
    {
        using EventLog events = EventLog.Open(Path.Combine(rig.DataDirectory, "journal.offset"), 1 << 20);
        string id = DeletionActor.IdPrefix + "alice";
        events.Write(JournalRecord.Write(id, events.Highest(id) + 1, 0, [noted]));
    }

    private static async Task<IEnumerable<string>> FindingsAsync(EngineRig rig) =>
        (await HealthReport.RunAsync(new CheckupOptions(rig.DataDirectory), default)).Findings.Select(finding => finding.Code);
}
