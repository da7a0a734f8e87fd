using Akka.Actor;
using Flume.TestKit;
using Xunit;

namespace Flume.Actors.Tests.Cluster;

public sealed class IdentityRoutingTests
{
    [Fact]
    public async Task One_process_needs_no_router_before_its_manager()
    {
        await using EngineRig rig = await new EngineRig().StartAsync();
        IActorRef manager = rig.Engine.System.ActorOf(Props.Create(() => new DeadLetterResponder()), "another");

        Assert.Same(manager, IdentityRouting.Start(rig.Engine.System, manager));
    }
}
