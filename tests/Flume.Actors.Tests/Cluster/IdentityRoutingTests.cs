using Akka.Actor;
using Flume.Log;
using Flume.TestKit;
using Xunit;
using static Flume.Actors.Protocol.IdentityManagerProtocol;

namespace Flume.Actors.Tests.Cluster;

public sealed class IdentityRoutingTests
{
    [Fact]
    public async Task One_process_needs_no_router_before_its_PubActor()
    {
        await using EngineRig rig = await new EngineRig().StartAsync();
        IActorRef pub = rig.Engine.System.ActorOf(Props.Create(() => new DeadLetterResponder()), "another");

        Assert.Same(pub, IdentityRouting.Start(rig.Engine.System, pub));
    }

    [Fact]
    public async Task An_identity_that_is_released_leaves_its_log_to_others_and_opens_again_when_asked()
    {
        await using EngineRig rig = await new EngineRig().StartAsync();
        await rig.AppendAsync(3);

        await rig.Engine.System.ActorSelection("/user/pub")
            .Ask<Released>(new Release("alice"), TimeSpan.FromSeconds(20));

        using (OffsetLog log = OffsetLog.Open(rig.LogPath)) Assert.True(log.Head.IsSome);
        await rig.AppendAsync(1);
        Assert.Equal(4, await rig.CaughtUpAsync("alpha"));
    }

    [Fact]
    public async Task An_identity_that_is_not_open_is_released_at_once()
    {
        await using EngineRig rig = await new EngineRig().StartAsync();

        Released released = await rig.Engine.System.ActorSelection("/user/pub")
            .Ask<Released>(new Release("nobody"), TimeSpan.FromSeconds(20));

        Assert.Equal("nobody", released.Identity);
    }
}
