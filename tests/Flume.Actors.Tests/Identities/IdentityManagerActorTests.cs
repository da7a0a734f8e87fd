using Akka.Actor;
using Flume.Log;
using Flume.Ssb.Api;
using Flume.TestKit;
using static Flume.Actors.Protocol.IdentityManagerProtocol;
using static Flume.Actors.Protocol.IdentityProtocol;
using static Flume.Actors.Protocol.LogProtocol;

namespace Flume.Actors.Tests.Identities;

public sealed class IdentityManagerActorTests : ActorTest
{
    private const int OpenMax = 2;

    private readonly IdentityRegistry _registry;
    private readonly IActorRef _manager;

    public IdentityManagerActorTests()
    {
        _registry = new IdentityRegistry(Services(new TestView("alpha")));
        _manager = Sys.ActorOf(Props.Create(() => new IdentityManagerActor(_registry, OpenMax)));
    }

    [Fact]
    public void The_first_message_opens_an_identity_and_the_next_one_finds_it_open()
    {
        OffsetLog opened = Activate("alice");
        Assert.Same(opened, Activate("alice"));
        Assert.NotSame(opened, Activate("bob"));
    }

    [Fact]
    public void A_name_that_names_no_identity_is_refused_with_the_cause()
    {
        _manager.Tell(new ToIdentity("../alice", new Activate()));
        NotActivated refusal = ExpectMsg<NotActivated>(Patience);
        Assert.Contains("'../alice'", refusal.Text, StringComparison.Ordinal);
        Assert.IsType<IdentityRejectedException>(refusal.Cause);
    }

    [Fact]
    public void Two_identities_with_one_key_pair_do_not_both_open()
    {
        _registry.Create("alice", IdentityKind.Ssb);
        Directory.CreateDirectory(FolderOf("twin"));
        File.Copy(Path.Combine(FolderOf("alice"), "secret"), Path.Combine(FolderOf("twin"), "secret"));
        Activate("alice");
        _manager.Tell(new ToIdentity("twin", new Activate()));
        Assert.Contains("same key pair as 'alice'", ExpectMsg<NotActivated>(Patience).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Beyond_the_limit_the_least_used_identity_closes_for_the_next_one()
    {
        Activate("alice");
        Activate("bob");
        Activate("carol");
        Assert.Null(_registry.Get("alice").Session.Log);
        Assert.NotNull(_registry.Get("bob").Session.Log);
    }

    [Fact]
    public void Messages_for_an_identity_that_closes_wait_for_its_next_incarnation()
    {
        OffsetLog before = Activate("alice");
        _manager.Tell(new Passivate("alice"));
        _manager.Tell(new ToIdentity("alice", new Append([EngineRig.Message(1)], Durability.Os)));
        ExpectMsg<Appended>(Patience);
        Assert.NotSame(before, _registry.Get("alice").Session.Log);
    }

    [Fact]
    public void An_identity_that_is_released_frees_its_log_and_opens_again_for_the_next_message()
    {
        Activate("alice");
        _manager.Tell(new Release("alice"));
        Assert.Equal("alice", ExpectMsg<Released>(Patience).Identity);
        OffsetLog.Open(LogPath).Dispose();
        Activate("alice");
    }

    [Fact]
    public void An_identity_that_is_not_open_is_released_at_once()
    {
        _manager.Tell(new Release("nobody"));
        Assert.Equal("nobody", ExpectMsg<Released>(Patience).Identity);
    }

    [Fact]
    public void A_manager_that_refuses_appends_refuses_every_message_and_withdraws_the_direct_routes()
    {
        Activate("alice");
        _manager.Tell(new RefuseAppends());
        ExpectMsg<AppendsRefused>(Patience);
        Assert.Null(_registry.Get("alice").Session.Routes);
        _manager.Tell(new ToIdentity("alice", new GetLogStatus()));
        Assert.Contains("Nothing was done", ExpectMsg<NotActivated>(Patience).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void All_are_closed_when_every_log_is_free()
    {
        Activate("alice");
        Activate("bob");
        _manager.Tell(new CloseAll());
        ExpectMsg<AllClosed>(Patience);
        foreach (string name in (string[])["alice", "bob"])
            OffsetLog.Open(Path.Combine(FolderOf(name), "log.offset")).Dispose();
        _manager.Tell(new CloseAll());
        ExpectMsg<AllClosed>(Patience);
    }

    private OffsetLog Activate(string identity)
    {
        _manager.Tell(new ToIdentity(identity, new Activate()));
        ExpectMsg<Activated>(Patience);
        return _registry.Get(identity).Session.Log!;
    }
}
