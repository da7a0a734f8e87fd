using Akka.Actor;
using Akka.TestKit;
using Flume.Log;
using Flume.Ssb.Api;
using Flume.TestKit;
using Flume.Views.Registered;
using static Flume.Actors.Protocol.IdentityProtocol;
using static Flume.Actors.Protocol.LogProtocol;
using static Flume.Actors.Protocol.RegisteredProtocol;
using static Flume.Actors.Protocol.ViewProtocol;

namespace Flume.Actors.Tests.Views;

/// <summary>The views of one identity with a probe for the log and one for the identity.</summary>
public sealed class ViewCoordinatorActorTests() : ActorTest("flume.views { restart-ms-min = 60000, restart-ms-max = 60000 }")
{
    private readonly TestView _alpha = new("alpha");
    private OffsetLog? _log;

    [Fact]
    public void The_identity_hears_when_the_views_are_started_and_each_follows_the_log()
    {
        (_, TestProbe identity, TestProbe log) = Start();
        identity.ExpectMsg<ViewsStarted>(Patience);
        Assert.Equal(_log!.Head, log.ExpectMsg<AwaitHead>(Patience).Beyond);
        IActorRef first = log.Sender;
        Assert.Equal(_log.Head, log.ExpectMsg<AwaitHead>(Patience).Beyond);
        Assert.NotEqual(first, log.Sender);
    }

    [Fact]
    public void The_status_lists_every_view_by_name()
    {
        IActorRef views = Started();
        views.Tell(new GetStatus());
        Assert.Equal(["alpha", "beta"], ExpectMsg<ViewStatuses>(Patience).Views.Select(view => view.Name));
    }

    [Fact]
    public void A_message_for_an_unknown_view_is_refused_with_the_names_of_those_there_are()
    {
        IActorRef views = Started();
        views.Tell(new AwaitSince("gamma", Offset.None, DateTimeOffset.MaxValue));
        ReadRejected read = ExpectMsg<ReadRejected>(Patience);
        Assert.Equal(ReadRejection.NoSuchView, read.Rejection);
        views.Tell(new Cancel("gamma"));
        ViewOutcome command = ExpectMsg<ViewOutcome>(Patience);
        Assert.False(command.IsAccepted);
        foreach (string text in (string[])[read.Text, command.Text])
            Assert.Contains("Views are alpha, beta.", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_view_that_failed_is_refused_with_its_error_a_purge_is_noted_for_it_and_others_answer()
    {
        IActorRef views = Failed();
        views.Tell(new Resume("alpha"));
        ViewOutcome refused = ExpectMsg<ViewOutcome>(Patience);
        Assert.False(refused.IsAccepted);
        Assert.Contains("restarts after a delay: View 'alpha' threw", refused.Text, StringComparison.Ordinal);
        views.Tell(new PurgeDeleted("alpha", "the record at 0 was deleted"));
        ViewOutcome purge = ExpectMsg<ViewOutcome>(Patience);
        Assert.Equal((true, true), (purge.IsAccepted, purge.IsStored));
        views.Tell(new AwaitSince("beta", _log!.Head, DateTimeOffset.UtcNow.AddSeconds(20)));
        Assert.Equal(_log.Head, ExpectMsg<SinceReached>(Patience).Since);
    }

    [Fact]
    public void A_registered_view_starts_once_stays_under_its_name_and_stops_when_it_is_removed()
    {
        IActorRef views = Started();
        ViewDefinition counted = ViewDefinition.Client("counted", 1);
        views.Tell(new Define(counted));
        Assert.True(ExpectMsg<Defined>(Patience).IsNew);
        views.Tell(new Define(counted));
        Assert.False(ExpectMsg<Defined>(Patience).IsNew);
        views.Tell(new Define(ViewDefinition.Client("alpha", 1)));
        Assert.Contains("comes with the service", ExpectMsg<DefinitionRefused>(Patience).Text, StringComparison.Ordinal);
        views.Tell(new Undefine("counted"));
        Assert.Equal("counted", ExpectMsg<Undefined>(Patience).View);
        views.Tell(new Undefine("counted"));
        Assert.Contains("No view is named 'counted'", ExpectMsg<DefinitionRefused>(Patience).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Damage_that_a_child_found_reaches_the_identity()
    {
        (IActorRef views, TestProbe identity, _) = Start();
        identity.ExpectMsg<ViewsStarted>(Patience);
        views.Tell(new DamageFound(Offset.Zero, "it is damaged"));
        Assert.Equal("it is damaged", identity.ExpectMsg<DamageFound>(Patience).Text);
    }

    private IActorRef Started()
    {
        (IActorRef views, TestProbe identity, _) = Start();
        identity.ExpectMsg<ViewsStarted>(Patience);
        return views;
    }

    /// <summary>The views, after alpha has thrown.</summary>
    private IActorRef Failed()
    {
        (IActorRef views, TestProbe identity, TestProbe log) = Start();
        identity.ExpectMsg<ViewsStarted>(Patience);
        (IActorRef View, long Token)[] live = [Subscriber(log), Subscriber(log)];
        _alpha.Before = _ => throw new InvalidOperationException("no luck");
        _log!.Append(EngineRig.Message(3), Durability.Os);
        foreach ((IActorRef view, long token) in live) view.Tell(new HeadAdvanced(_log.Head, token));
        AwaitCondition(() => !_serving!.Tracker.IsUp && _serving.Tracker.Failures.Last is not null, Patience);
        return views;
    }

    private static (IActorRef View, long Token) Subscriber(TestProbe log)
    {
        long token = log.ExpectMsg<AwaitHead>(Patience).Token;
        return (log.Sender, token);
    }

    private (IActorRef Views, TestProbe Identity, TestProbe Log) Start()
    {
        IdentityContext alice = Alice(_alpha, new TestView("beta"));
        _serving = alice.Session.Serving("alpha");
        OffsetLog log = _log = OpenLog(alice, messages: 3);
        TestProbe identity = CreateTestProbe(), logActor = CreateTestProbe();
        IActorRef logRef = logActor;
        Props props = Props.Create(() => new ViewCoordinatorActor(alice, log, logRef));
        return (identity.ChildActorOf(props, "views"), identity, logActor);
    }

    private ServingView? _serving;

    /// <inheritdoc/>
    protected override void AfterAll()
    {
        base.AfterAll();
        _log?.Dispose();
    }
}
