using Akka.Actor;
using Akka.TestKit;
using Flume.Log;
using Flume.Ssb.Api;
using Flume.TestKit;
using static Flume.Actors.Protocol.IdentityProtocol;
using static Flume.Actors.Protocol.LogProtocol;

namespace Flume.Actors.Tests.Logs;

public sealed class LogActorTests : ActorTest
{
    private static readonly TimeSpan Never = TimeSpan.FromHours(1);

    private readonly TestProbe _identity;

    public LogActorTests() => _identity = CreateTestProbe();

    [Fact]
    public void The_identity_gets_the_open_log_and_a_caller_gets_the_offsets_of_its_append()
    {
        (IActorRef log, OffsetLog opened) = Start();
        log.Tell(Append(2));
        Appended appended = ExpectMsg<Appended>(Patience);
        Assert.Equal([Offset.Zero, opened.Head], appended.Offsets);
        Assert.Equal(EngineRig.Message(1).ToArray(), opened.Get(opened.Head).Payload.ToArray());
    }

    [Fact]
    public void A_log_that_has_another_writer_is_reported_with_its_cause_and_the_actor_stops()
    {
        using OffsetLog other = OffsetLog.Open(LogPath);
        IActorRef log = _identity.ChildActorOf(Props());
        Watch(log);
        Assert.IsType<LogLockedException>(_identity.ExpectMsg<LogNotOpened>(Patience).Cause);
        ExpectTerminated(log, Patience);
    }

    [Fact]
    public void A_subscriber_gets_one_notice_of_a_head_beyond_its_offset()
    {
        (IActorRef log, OffsetLog opened) = Start();
        TestProbe subscriber = CreateTestProbe();
        log.Tell(new AwaitHead(Offset.None, Token: 7), subscriber);
        for (int i = 0; i < 2; i++)
        {
            log.Tell(Append(1));
            ExpectMsg<Appended>(Patience);
        }

        Assert.Equal(new HeadAdvanced(Offset.Zero, 7), subscriber.ExpectMsg<HeadAdvanced>(Patience));
        log.Tell(new GetLogStatus(), subscriber);
        Assert.Equal(opened.Head, subscriber.ExpectMsg<LogStatus>(Patience).Head);
    }

    [Fact]
    public void A_subscriber_that_is_behind_the_head_is_notified_at_once()
    {
        (IActorRef log, OffsetLog opened) = Start();
        log.Tell(Append(3));
        ExpectMsg<Appended>(Patience);
        log.Tell(new AwaitHead(Offset.Zero, Token: 1));
        Assert.Equal(new HeadAdvanced(opened.Head, 1), ExpectMsg<HeadAdvanced>(Patience));
    }

    [Fact]
    public void A_drained_log_has_answered_what_it_accepted_and_rejects_what_follows()
    {
        (IActorRef log, OffsetLog opened) = Start(groupDelay: Never);
        log.Tell(Append(1));
        log.Tell(Append(1));
        log.Tell(new Drain());
        Assert.Equal(Offset.Zero, ExpectMsg<Appended>(Patience).Last);
        Assert.Equal(opened.Head, ExpectMsg<Appended>(Patience).Last);
        ExpectMsg<Drained>(Patience);
        log.Tell(Append(1));
        Assert.Equal(AppendRejection.Stopping, ExpectMsg<AppendRejected>(Patience).Rejection);
    }

    [Fact]
    public void An_actor_that_stops_writes_what_it_accepted_and_frees_the_log()
    {
        (IActorRef log, _) = Start(groupDelay: Never);
        log.Tell(Append(2));
        log.Tell(new GetLogStatus());
        Assert.Equal(2, ExpectMsg<LogStatus>(Patience).Waiting);
        Watch(log);
        Sys.Stop(log);
        Assert.Equal(2, ExpectMsg<Appended>(Patience).Offsets.Count);
        ExpectTerminated(log, Patience);
        using OffsetLog again = OffsetLog.Open(LogPath);
        Assert.Equal(2, again.CountRecords());
    }

    [Fact]
    public void Appends_of_others_wait_for_a_caller_whose_expected_head_moved()
    {
        (IActorRef log, _) = Start();
        TestProbe other = CreateTestProbe();
        log.Tell(Append(1));
        Offset head = ExpectMsg<Appended>(Patience).Last;
        log.Tell(Append(AppendTerms.Expecting(Offset.None, Durability.Os) with { HoldsOthers = true }));
        AppendRejected moved = ExpectMsg<AppendRejected>(Patience);
        Assert.Equal((AppendRejection.HeadMoved, (Offset?)head), (moved.Rejection, moved.Head));

        log.Tell(Append(1), other);
        log.Tell(Append(AppendTerms.Expecting(head, Durability.Os)));
        Offset own = ExpectMsg<Appended>(Patience).Last;
        Assert.True(head < own && own < other.ExpectMsg<Appended>(Patience).Last);
    }

    [Fact]
    public void A_damaged_log_rejects_appends_and_deletions_with_the_reason()
    {
        (IActorRef log, _) = Start();
        log.Tell(Append(1));
        ExpectMsg<Appended>(Patience);
        log.Tell(new TurnReadOnly("it is damaged at 0."));
        foreach (object write in (object[])[Append(1), new Delete(Offset.Zero), new Reopen()])
        {
            log.Tell(write);
            AppendRejected rejected = ExpectMsg<AppendRejected>(Patience);
            Assert.Equal(AppendRejection.ReadOnly, rejected.Rejection);
            Assert.Contains("damaged at 0", rejected.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_log_that_another_program_wrote_gets_its_checksums_while_it_is_served()
    {
        using (OffsetLog written = OffsetLog.Open(LogPath))
            written.Append([.. Enumerable.Range(0, 5000).Select(EngineRig.Message)], Durability.Os);
        File.Delete(LogPath + ".crc");

        (_, OffsetLog log) = Start();

        await Until.TrueAsync(() => log.EndPosition - log.ChecksummedEnd < 64 << 10, "all whole blocks have checksums");
    }

    private (IActorRef Actor, OffsetLog Log) Start(TimeSpan groupDelay = default)
    {
        IActorRef log = _identity.ChildActorOf(Props(groupDelay));
        return (log, _identity.ExpectMsg<LogOpened>(Patience).Log);
    }

    private Props Props(TimeSpan groupDelay = default) =>
        LogActor.Props(Alice().Log, Settings.Append with { GroupDelay = groupDelay });

    private static Append Append(int count) =>
        new([.. Enumerable.Range(0, count).Select(EngineRig.Message)], Durability.Os);

    private static Append Append(AppendTerms terms) => new([EngineRig.Message(9)], terms);
}
