using Akka.Actor;
using Akka.TestKit;
using Flume.Log;
using Flume.Ssb.Api;
using Flume.TestKit;
using Flume.Views.Store;
using static Flume.Actors.Protocol.IdentityProtocol;
using static Flume.Actors.Protocol.LogProtocol;
using static Flume.Actors.Protocol.RebuildProtocol;

namespace Flume.Actors.Tests.Rebuilds;

/// <summary>The builder of fresh stores between probes for views that ask and for its parent.</summary>
public sealed class RebuildActorTests : ActorTest
{
    private readonly TestView _alpha = new("alpha"), _beta = new("beta");
    private readonly TestProbe _first, _second, _parent, _logActor;
    private readonly IdentityContext _alice;
    private readonly OffsetLog _log;
    private readonly IActorRef _rebuilder;

    public RebuildActorTests()
    {
        (_first, _second, _parent, _logActor) =
            (CreateTestProbe(), CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        _alice = Alice(_alpha, _beta);
        _log = OpenLog(_alice, messages: 20);
        _rebuilder = _parent.ChildActorOf(RebuildActor.Props(_alice, _log, _logActor));
    }

    [Fact]
    public void Each_view_gets_a_whole_store_under_its_own_token()
    {
        Ask(_first, "alpha", token: 5);
        Ask(_second, "beta", token: 9);
        foreach ((TestProbe asker, long token) in ((TestProbe, long)[])[(_first, 5), (_second, 9)])
        {
            Rebuilt built = Answer<Rebuilt>(asker);
            Assert.Equal((token, _log.Head), (built.Token, built.Since));
            using IViewReader rows = built.Next.Store.OpenReader();
            Assert.Equal(20, rows.Count(1, PostingRange.All));
        }
    }

    [Fact]
    public void A_request_that_comes_during_a_scan_waits_for_its_end()
    {
        using ManualResetEventSlim scanning = new(), gate = new();
        bool isOver = false;
        _alpha.Before = _ =>
        {
            scanning.Set();
            EngineRig.Wait(gate);
        };
        _beta.Before = _ => Assert.True(Volatile.Read(ref isOver), "a second scan ran beside the first");
        Ask(_first, "alpha");
        EngineRig.Wait(scanning);
        Ask(_second, "beta");
        _rebuilder.Tell(new SetScanBudget("beta", IndexBudget.Full));
        Volatile.Write(ref isOver, true);
        gate.Set();
        Answer<Rebuilt>(_first);
        Answer<Rebuilt>(_second);
    }

    [Fact]
    public void A_cancelled_request_is_not_answered_and_the_view_can_ask_again()
    {
        using ManualResetEventSlim scanning = new(), gate = new();
        _alpha.Before = _ =>
        {
            scanning.Set();
            EngineRig.Wait(gate);
        };
        Ask(_first, "alpha", token: 1);
        EngineRig.Wait(scanning);
        _rebuilder.Tell(new CancelRebuild("alpha"));
        gate.Set();
        Ask(_first, "alpha", token: 2);
        Assert.Equal(2, Answer<Rebuilt>(_first).Token);
    }

    [Fact]
    public void A_view_that_throws_fails_alone()
    {
        _alpha.Before = _ => throw new InvalidOperationException("no luck");
        Ask(_first, "alpha", token: 3);
        Ask(_second, "beta");
        RebuildFailed failed = Answer<RebuildFailed>(_first);
        Assert.Equal(3, failed.Token);
        Assert.Contains("no luck", failed.Cause.Message, StringComparison.Ordinal);
        Answer<Rebuilt>(_second);
    }

    [Fact]
    public void Damage_fails_the_requests_and_is_reported_to_the_parent()
    {
        Offset second = _log.Next(Offset.Zero);
        using (var file = new FileStream(
            LogPath, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete))
        {
            file.Position = second.Value;
            file.Write([0xff, 0xff]);
        }

        Ask(_first, "alpha");
        Assert.IsType<LogDamagedException>(Answer<RebuildFailed>(_first).Cause);
        _logActor.ExpectMsg<TurnReadOnly>(TimeSpan.Zero); // it was sent before the view heard of the failure
        Assert.Equal(second, _parent.ExpectMsg<DamageFound>(Patience).Offset);
    }

    [Fact]
    public async Task A_rebuilder_that_stops_forgets_its_requests_and_says_so()
    {
        using ManualResetEventSlim scanning = new(), gate = new();
        _alpha.Before = _ =>
        {
            scanning.Set();
            EngineRig.Wait(gate);
        };
        Ask(_first, "alpha", token: 4);
        EngineRig.Wait(scanning);
        Ask(_second, "beta", token: 6);
        _rebuilder.Tell(new Identify(1));
        ExpectMsg<ActorIdentity>(Patience); // it has taken the second request
        Watch(_rebuilder);
        Sys.Stop(_rebuilder); // before the scan can end
        gate.Set();
        Assert.Equal(4, Answer<RebuildForgotten>(_first).Token);
        Assert.Equal(6, Answer<RebuildForgotten>(_second).Token);
        ExpectTerminated(_rebuilder, Patience);
        string stores = Path.Combine(FolderOf("alice"), "views", "alpha");
        await Until.TrueAsync(() => Directory.GetDirectories(stores, "store-*").Length == 0, "no fresh store is left");
    }

    /// <inheritdoc/>
    protected override void AfterAll()
    {
        base.AfterAll();
        foreach (string view in (string[])["alpha", "beta"]) _alice.Stores(view).Close();
        _log.Dispose();
    }

    private void Ask(TestProbe asker, string view, long token = 1) =>
        _rebuilder.Tell(new RequestRebuild(view, token, IndexBudget.Full, "requested"), asker);

    /// <summary>The next message that is no progress.</summary>
    private static T Answer<T>(TestProbe asker) =>
        Assert.IsType<T>(asker.FishForMessage<object>(message => message is not RebuildProgressed, Patience));
}
