using Akka.Actor;

namespace Embedded.Tests.Actors;

public sealed class DeathWatchTests : ActorSystemTest
{
    [Fact]
    public void Watching_an_actor_that_has_ended_tells_at_once()
    {
        var actor = Watched(Sys.ActorOf<Echo>());
        Sys.Stop(actor);
        Assert.True(Next<Terminated>().ExistenceConfirmed);
        Watched(actor);
        ExpectTerminated(actor);
    }

    [Fact]
    public void The_end_is_told_once_however_often_the_actor_is_watched()
    {
        var actor = Watched(Watched(Sys.ActorOf<Echo>()));
        Sys.Stop(actor);
        ExpectTerminated(actor);
        ExpectNothing();
    }

    [Fact]
    public void A_watcher_can_choose_what_it_is_told()
    {
        var actor = Sys.ActorOf<Echo>();
        var watcher = Sys.ActorOf(Props.Create(() => new Watcher(Sink, actor, "gone")));
        watcher.Ask("ready", Patience).Wait();
        Sys.Stop(actor);
        ExpectInOrder("gone");
    }

    [Fact]
    public void A_watcher_that_no_longer_watches_is_not_told()
    {
        var actor = Sys.ActorOf<Echo>();
        var watcher = Sys.ActorOf(Props.Create(() => new Watcher(Sink, actor, "gone")));
        watcher.Ask("unwatch", Patience).Wait();
        Sys.Stop(Watched(actor));
        ExpectTerminated(actor);
        Assert.Equal("still here", watcher.Ask("still here", Patience).Result);
        ExpectNothing();
    }

    [Fact]
    public void An_actor_that_does_not_handle_the_end_of_another_ends_with_it()
    {
        var actor = Sys.ActorOf<Echo>();
        var partner = Watched(Sys.ActorOf(Props.Create(() => new Partner(actor))));
        partner.Ask("ready", Patience).Wait();
        Sys.Stop(actor);
        ExpectTerminated(partner);
    }

    [Fact]
    public void The_messages_an_actor_sent_arrive_before_the_news_of_its_end()
    {
        var actor = Watched(Sys.ActorOf(Talker.Props(Sink), "a"));
        for (var i = 0; i < 100; i++)
            actor.Tell("m" + i);
        actor.Tell(PoisonPill.Instance);
        Assert.Equal(100 + 4, UntilTerminated(actor).Count);
    }

    [Fact]
    public void A_watcher_that_was_restarted_still_watches()
    {
        var actor = Sys.ActorOf<Echo>();
        var watcher = Sys.ActorOf(Props.Create(() => new RestartedWatcher(Sink)));
        watcher.Ask(actor, Patience).Wait();
        watcher.Tell(new InvalidOperationException());
        Sys.Stop(actor);
        ExpectInOrder("told");
    }

    [Fact]
    public void An_actor_does_not_watch_itself()
    {
        var actor = Sys.ActorOf(Props.Create(() => new SelfWatcher()));
        Assert.Equal("fine", actor.Ask("fine", Patience).Result);
    }

    private sealed class Watcher : ReceiveActor
    {
        public Watcher(IActorRef sink, IActorRef actor, string news)
        {
            Context.WatchWith(actor, news);
            Receive<string>(m => m == news, m => sink.Tell(m));
            Receive<string>(m =>
            {
                if (m == "unwatch")
                    Context.Unwatch(actor);
                Sender.Tell(m);
            });
        }
    }

    private sealed class Partner : ReceiveActor
    {
        public Partner(IActorRef actor)
        {
            Context.Watch(actor);
            Receive<string>(m => Sender.Tell(m));
        }
    }

    private sealed class RestartedWatcher : ReceiveActor
    {
        public RestartedWatcher(IActorRef sink)
        {
            Receive<IActorRef>(actor => Sender.Tell(Context.Watch(actor)));
            Receive<Exception>(e => throw e);
            Receive<Terminated>(_ => sink.Tell("told"));
        }
    }

    private sealed class SelfWatcher : ReceiveActor
    {
        public SelfWatcher()
        {
            Context.Watch(Self);
            Receive<string>(m => Sender.Tell(m));
        }
    }
}
