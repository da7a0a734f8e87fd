using Akka.Actor;
using Akka.TestKit;
using static Flume.Actors.Protocol.IdentityManagerProtocol;
using static Flume.Actors.Protocol.IdentityProtocol;

namespace Flume.Actors.Tests.Cluster;

public sealed class ShardedIdentityActorTests : ActorTest
{
    private readonly TestProbe _manager;
    private readonly IActorRef _entity;

    public ShardedIdentityActorTests()
    {
        _manager = CreateTestProbe();
        IActorRef manager = _manager.Ref;
        _entity = Sys.ActorOf(Props.Create(() => new ShardedIdentityActor("alice", manager)));
        Watch(_entity);
    }

    [Fact]
    public void The_manager_gets_each_message_and_answers_its_sender()
    {
        var message = new ToIdentity("alice", new Activate());
        _entity.Tell(message);
        Assert.Same(message, _manager.ExpectMsg<ToIdentity>(Patience));
        _manager.Reply(new Activated());
        ExpectMsg<Activated>(Patience);
    }

    [Fact]
    public void A_hand_off_releases_the_identity_and_ends_only_when_it_is_released()
    {
        _entity.Tell(IdentityRouting.HandOff.Instance);
        Assert.Equal("alice", _manager.ExpectMsg<Release>(Patience).Identity);
        _entity.Tell(new ToIdentity("alice", new Activate()));
        _manager.ExpectMsg<ToIdentity>(Patience); // it runs, so no other node opens the log
        _entity.Tell(new Released("alice"));
        ExpectTerminated(_entity, Patience);
    }
}
