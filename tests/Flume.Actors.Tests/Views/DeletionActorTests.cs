using Akka.Actor;
using Akka.TestKit;
using Flume.Log;
using Flume.Ssb.Api;
using Flume.TestKit;
using Flume.Tools.Doctor;
using static Flume.Actors.Protocol.DeletionProtocol;
using static Flume.Actors.Protocol.LogProtocol;
using static Flume.Actors.Protocol.ViewProtocol;

namespace Flume.Actors.Tests.Views;

/// <summary>A deletion that has begun is carried out, whatever happens to its caller and to the process.</summary>
public sealed class DeletionActorTests : ActorTest
{
    private OffsetLog? _log;

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

    [Fact]
    public void The_record_is_zeroed_then_every_view_is_told_and_then_the_caller()
    {
        (IActorRef deletion, TestProbe log, TestProbe views) = Start();
        views.ExpectMsg<DeletionsRecovered>(Patience);
        deletion.Tell(new Delete(Offset.Zero));
        Assert.Equal(new Delete(Offset.Zero), log.ExpectMsg<Delete>(Patience));
        log.Reply(new Deleted(Offset.Zero));
        foreach (string view in (string[])["alpha", "beta"])
        {
            Assert.Equal(view, views.ExpectMsg<PurgeDeleted>(Patience).View);
            views.Reply(new ViewOutcome(view, IsAccepted: true, "is rebuilt"));
        }

        Assert.Equal(Offset.Zero, ExpectMsg<Deleted>(Patience).Offset);
        Stop(deletion);
        (IActorRef next, log, views) = Start();
        next.Tell(new ViewsReady(), views);
        next.Tell(new Delete(new Offset(13)));
        Assert.Equal(new Offset(13), log.ExpectMsg<Delete>(Patience).Offset); // nothing of the first one was left
    }

    [Fact]
    public void A_deletion_that_the_log_rejects_reaches_no_view()
    {
        (IActorRef deletion, TestProbe log, TestProbe views) = Start();
        views.ExpectMsg<DeletionsRecovered>(Patience);
        deletion.Tell(new Delete(new Offset(3)));
        log.ExpectMsg<Delete>(Patience);
        log.Reply(new AppendRejected(AppendRejection.NoSuchRecord, "no record starts at 3"));
        Assert.Equal("no record starts at 3", ExpectMsg<AppendRejected>(Patience).Text);
        deletion.Tell(new Delete(Offset.Zero));
        log.ExpectMsg<Delete>(Patience);
        log.Reply(new Deleted(Offset.Zero));
        Assert.Contains("record at 0 ", views.ExpectMsg<PurgeDeleted>(Patience).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_view_that_did_not_store_its_purge_leaves_the_deletion_to_the_next_start()
    {
        (IActorRef deletion, TestProbe log, TestProbe views) = Start();
        views.ExpectMsg<DeletionsRecovered>(Patience);
        deletion.Tell(new Delete(Offset.Zero));
        log.ExpectMsg<Delete>(Patience);
        _log!.Delete(Offset.Zero, Durability.Os);
        log.Reply(new Deleted(Offset.Zero));
        for (int i = 0; i < 2; i++)
        {
            string view = views.ExpectMsg<PurgeDeleted>(Patience).View;
            views.Reply(new ViewOutcome(view, IsAccepted: true, "is rebuilt") { IsStored = view == "alpha" });
        }

        ExpectMsg<Deleted>(Patience);
        Stop(deletion);
        (IActorRef next, log, views) = Start();
        views.ExpectMsg<DeletionsRecovered>(Patience);
        next.Tell(new ViewsReady(), views);
        Assert.Equal(Offset.Zero, log.ExpectMsg<FinishDelete>(Patience).Offset);
    }

    /// <summary>The actor between probes for its log and its views; the log holds three records.</summary>
    private (IActorRef Deletion, TestProbe Log, TestProbe Views) Start()
    {
        IdentityContext alice = Alice(new TestView("alpha"), new TestView("beta"));
        OffsetLog log = _log ??= OpenLog(alice, messages: 3);
        TestProbe logActor = CreateTestProbe(), views = CreateTestProbe();
        IActorRef logRef = logActor, viewsRef = views;
        Props props = Props.Create(() => new DeletionActor(alice, log, logRef, viewsRef));
        return (Sys.ActorOf(props), logActor, views);
    }

    /// <inheritdoc/>
    protected override void AfterAll()
    {
        base.AfterAll();
        _log?.Dispose();
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
