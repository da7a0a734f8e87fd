using Akka.Actor;
using Akka.TestKit;
using Flume.Log;
using Flume.Ssb.Api;
using Flume.TestKit;
using Flume.Views.Indexing;
using static Flume.Actors.Protocol.IdentityProtocol;
using static Flume.Actors.Protocol.LogProtocol;
using static Flume.Actors.Protocol.RebuildProtocol;
using static Flume.Actors.Protocol.ViewProtocol;
using static Flume.Actors.Protocol.ViewStateProtocol;

namespace Flume.Actors.Tests.Views;

/// <summary>One view between probes for its log, its rebuilder, its journal and its identity.</summary>
public sealed class ViewActorTests : ActorTest
{
    private readonly TestProbe _log, _rebuilder, _journal, _identity;
    private readonly IdentityContext _alice;

    public ViewActorTests()
    {
        (_log, _rebuilder, _journal, _identity) =
            (CreateTestProbe(), CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        _alice = Alice(new TestView("alpha"));
    }

    private ServingView Serving => _alice.Session.Serving("alpha")!;

    [Fact]
    public void A_view_applies_the_log_then_subscribes_to_the_head_behind_its_rows()
    {
        using OffsetLog log = OpenLog(_alice, messages: 20);
        Start(log);
        Assert.Equal(log.Head, _log.ExpectMsg<AwaitHead>(Patience).Beyond);
        Assert.Equal((log.Head, ViewState.Live), (Serving.Since, Serving.Tracker.Published.State));
    }

    [Fact]
    public void A_notice_of_the_head_moves_the_view_once_and_an_old_token_does_not()
    {
        using OffsetLog log = OpenLog(_alice, messages: 1);
        IActorRef view = Start(log);
        AwaitHead first = _log.ExpectMsg<AwaitHead>(Patience);
        log.Append(EngineRig.Message(1), Durability.Os);
        view.Tell(new HeadAdvanced(log.Head, first.Token - 1));
        view.Tell(new AwaitSince("alpha", Offset.None, DateTimeOffset.MaxValue));
        Assert.Equal(Offset.Zero, ExpectMsg<SinceReached>(Patience).Since);
        view.Tell(new HeadAdvanced(log.Head, first.Token));
        AwaitHead second = _log.ExpectMsg<AwaitHead>(Patience);
        Assert.Equal(log.Head, second.Beyond);
        Assert.NotEqual(first.Token, second.Token);
    }

    [Fact]
    public void A_reader_waits_until_the_rows_reach_its_offset()
    {
        using OffsetLog log = OpenLog(_alice, messages: 1);
        IActorRef view = Start(log);
        AwaitHead live = _log.ExpectMsg<AwaitHead>(Patience);
        Offset next = log.Append(EngineRig.Message(1), Durability.Os);
        view.Tell(new AwaitSince("alpha", next, DateTimeOffset.MaxValue));
        view.Tell(new HeadAdvanced(next, live.Token));
        Assert.Equal(next, ExpectMsg<SinceReached>(Patience).Since);
    }

    [Fact]
    public void A_reader_gets_the_deadline_that_passed_with_the_place_of_the_view()
    {
        using OffsetLog log = OpenLog(_alice, messages: 1);
        IActorRef view = Start(log);
        _log.ExpectMsg<AwaitHead>(Patience);
        Offset next = log.Append(EngineRig.Message(1), Durability.Os);
        view.Tell(new AwaitSince("alpha", next, DateTimeOffset.UtcNow.AddMilliseconds(20)));
        ReadRejected late = ExpectMsg<ReadRejected>(Patience);
        Assert.Equal(ReadRejection.DeadlinePassed, late.Rejection);
        Assert.Contains($"did not reach offset {next}", late.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pause_is_answered_by_the_journal_and_refuses_the_readers_that_wait()
    {
        using OffsetLog log = OpenLog(_alice, messages: 1);
        IActorRef view = Start(log);
        AwaitHead live = _log.ExpectMsg<AwaitHead>(Patience);
        TestProbe reader = CreateTestProbe();
        Offset next = log.Append(EngineRig.Message(1), Durability.Os);
        view.Tell(new AwaitSince("alpha", next, DateTimeOffset.MaxValue), reader);
        view.Tell(new Pause("alpha", new PauseInfo("night", null)));
        Assert.Equal(ReadRejection.Standing, reader.ExpectMsg<ReadRejected>(Patience).Rejection);
        PersistOperatorState stored = _journal.ExpectMsg<PersistOperatorState>(Patience);
        Assert.Equal("night", stored.OperatorState.Pause!.Reason);
        Assert.Equal(TestActor, _journal.Sender);
        Assert.True(Assert.IsType<ViewOutcome>(stored.Answer).IsAccepted);

        view.Tell(new HeadAdvanced(next, live.Token));
        view.Tell(new AwaitSince("alpha", next, DateTimeOffset.MaxValue));
        Assert.Contains("paused (night)", ExpectMsg<ReadRejected>(Patience).Text, StringComparison.Ordinal);
        view.Tell(new Resume("alpha"));
        Assert.Null(_journal.ExpectMsg<PersistOperatorState>(Patience).OperatorState.Pause);
        Assert.Equal(next, _log.ExpectMsg<AwaitHead>(Patience).Beyond);
    }

    [Fact]
    public void A_rebuild_serves_the_fresh_store_of_the_rebuilder()
    {
        using OffsetLog log = OpenLog(_alice, messages: 5);
        IActorRef view = Start(log);
        _log.ExpectMsg<AwaitHead>(Patience);
        view.Tell(new Rebuild("alpha", "requested"));
        RequestRebuild request = _rebuilder.ExpectMsg<RequestRebuild>(Patience);
        Assert.Equal(("alpha", "requested", null), (request.View, request.Reason, request.From));
        view.Tell(new RebuildFailed(request.Token - 1, new IOException("of an earlier request")));
        view.Tell(new Rebuilt(request.Token, _alice.Stores("alpha").CreateNext("requested"), Offset.None));
        Assert.Equal(log.Head, _log.ExpectMsg<AwaitHead>(Patience).Beyond);
        Assert.Equal((log.Head, 1), (Serving.Since, Serving.Tracker.Status(log).Rebuilds));
        Assert.Null(Serving.Tracker.Failures.Last);
    }

    [Fact]
    public void A_rebuild_that_failed_leaves_the_old_rows_and_its_error()
    {
        using OffsetLog log = OpenLog(_alice, messages: 5);
        IActorRef view = Start(log);
        _log.ExpectMsg<AwaitHead>(Patience);
        view.Tell(new Rebuild("alpha", "requested"));
        long token = _rebuilder.ExpectMsg<RequestRebuild>(Patience).Token;
        view.Tell(new RebuildFailed(token, new IOException("the disk is full")));
        view.Tell(new Cancel("alpha"));
        Assert.Contains("nothing to cancel", ExpectMsg<ViewOutcome>(Patience).Text, StringComparison.Ordinal);
        Assert.Equal((log.Head, ViewState.Live), (Serving.Since, Serving.Tracker.Published.State));
        Assert.Contains("the disk is full", Serving.Tracker.Failures.Last!.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Damage_turns_the_log_read_only_and_faults_the_view_at_its_last_good_offset()
    {
        using OffsetLog log = OpenLog(_alice, messages: 3);
        IActorRef view = Start(log);
        AwaitHead live = _log.ExpectMsg<AwaitHead>(Patience);
        Offset good = log.Head;
        log.Append(EngineRig.Message(3), Durability.Os);
        Damage(log);
        view.Tell(new HeadAdvanced(log.Head, live.Token));
        _log.ExpectMsg<TurnReadOnly>(Patience);
        Assert.Equal(log.Head, _identity.ExpectMsg<DamageFound>(Patience).Offset);
        view.Tell(new AwaitSince("alpha", log.Head, DateTimeOffset.MaxValue));
        Assert.Contains("faulted", ExpectMsg<ReadRejected>(Patience).Text, StringComparison.Ordinal);
        Assert.Equal((good, ViewState.Faulted), (Serving.Since, Serving.Tracker.Published.State));
    }

    [Fact]
    public void A_view_that_stops_cancels_its_rebuild_and_refuses_the_readers_that_wait()
    {
        using OffsetLog log = OpenLog(_alice, messages: 1);
        IActorRef view = Start(log);
        _log.ExpectMsg<AwaitHead>(Patience);
        Offset next = log.Append(EngineRig.Message(1), Durability.Os);
        TestProbe reader = CreateTestProbe();
        view.Tell(new AwaitSince("alpha", next, DateTimeOffset.MaxValue), reader);
        view.Tell(new Rebuild("alpha", "requested"));
        _rebuilder.ExpectMsg<RequestRebuild>(Patience);
        Stop(view);
        Assert.Equal("alpha", _rebuilder.ExpectMsg<CancelRebuild>(Patience).View);
        Assert.Equal(ReadRejection.Stopping, reader.ExpectMsg<ReadRejected>(Patience).Rejection);
        Assert.False(Serving.Tracker.IsUp);
    }

    /// <summary>Overwrites the length of the newest record.</summary>
    private static void Damage(OffsetLog log)
    {
        using var file = new FileStream(
            log.Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        file.Position = log.Head.Value;
        file.Write([0xff, 0xff]);
    }

    /// <inheritdoc/>
    protected override void AfterAll()
    {
        base.AfterAll();
        _alice.Stores("alpha").Close();
    }

    private IActorRef Start(OffsetLog log) => Sys.ActorOf(ViewActor.Props(
        _alice, Serving, new DecodedBatches(log, _alice.Format),
        new ViewCollaborators(_log, _rebuilder, _journal, _identity)));
}
