using Akka.Actor;

namespace Embedded.Tests.Actors;

public sealed class SelectionTests : ActorSystemTest
{
    [Fact]
    public async Task A_selection_finds_the_actor_at_a_path()
    {
        var echo = Sys.ActorOf<Echo>("echo");
        Assert.Equal("hi", await Sys.ActorSelection("/user/echo").Ask<string>("hi", Patience));
        Assert.Equal("hi", await Sys.ActorSelection("akka://test/user/echo").Ask<string>("hi", Patience));
        Assert.Equal("hi", await Sys.ActorSelection(echo.Path).Ask<string>("hi", Patience));
        Assert.Equal(echo, await Sys.ActorSelection("/user/echo").ResolveOne(Patience));
    }

    [Fact]
    public async Task A_path_at_which_nobody_lives_is_not_resolved() =>
        await Assert.ThrowsAsync<ActorNotFoundException>(() => Sys.ActorSelection("/user/nobody").ResolveOne(Patience));

    [Fact]
    public void A_wildcard_reaches_all_that_fit()
    {
        var parent = Sys.ActorOf<Family>("family");
        parent.Ask("ready", Patience).Wait();
        Sys.ActorSelection("/user/family/ch*").Tell("hi", Sink);
        Assert.Equal(["child1", "child2"], new[] { NextName(), NextName() }.Order());
        Sys.ActorSelection("/user/family/child?").Tell("hi", Sink);
        Assert.Equal(["child1", "child2"], new[] { NextName(), NextName() }.Order());
        Sys.ActorSelection("/user/*/child1").Tell("hi", Sink);
        Assert.Equal("child1", NextName());
    }

    [Fact]
    public void A_selection_can_go_up_and_down_from_an_actor()
    {
        var parent = Sys.ActorOf<Family>("family");
        parent.Tell("sibling", Sink);
        Assert.Equal("child2", NextName());
    }

    [Fact]
    public async Task Whoever_is_asked_to_identify_itself_does()
    {
        var echo = Sys.ActorOf<Echo>("echo");
        var identity = await echo.Ask<ActorIdentity>(new Identify(7), Patience);
        Assert.Equal((7, echo), (identity.MessageId, identity.Subject));
        Assert.Null((await Sys.ActorSelection("/user/nobody").Ask<ActorIdentity>(new Identify(8), Patience)).Subject);
    }

    [Fact]
    public void Paths_read_and_compare_like_their_text()
    {
        var path = ActorPath.Parse("akka://test/user/a/b");
        Assert.Equal(("b", "akka://test/user/a", "/user/a/b", 3),
            (path.Name, path.Parent.ToString(), path.ToStringWithoutAddress(), path.Depth));
        Assert.Equal(["user", "a", "b"], path.Elements);
        Assert.Equal(path, path.Parent / "b");
        Assert.Equal(path.Root / new[] { "user", "a", "b" }, path);
        Assert.False(ActorPath.TryParse("no path", out _));
        Assert.True(path.CompareTo(path.Parent) > 0);
    }

    [Fact]
    public void Refs_compare_by_path_and_incarnation()
    {
        var a = Sys.ActorOf<Echo>("a");
        var b = Sys.ActorOf<Echo>("b");
        Assert.True(a.CompareTo(b) < 0);
        Assert.Equal(0, a.CompareTo(a));
        Assert.Equal($"[akka://test/user/a#{a.Path.Uid}]", a.ToString());
        Assert.True(ActorRefs.Nobody.IsNobody());
        Assert.True(((IActorRef)null!).IsNobody());
        Assert.False(a.IsNobody());
    }

    private string NextName()
    {
        Assert.Equal("hi", Next());
        return LastSender.Path.Name;
    }

    private sealed class Family : ReceiveActor
    {
        public Family()
        {
            Context.ActorOf<Echo>("child1");
            Context.ActorOf<Echo>("child2");
            Context.ActorOf<Echo>("other");
            Receive<string>(m => m == "sibling", _ => Context.ActorSelection("child1/../child2").Tell("hi", Sender));
            ReceiveAny(m => Sender.Tell(m));
        }
    }
}
