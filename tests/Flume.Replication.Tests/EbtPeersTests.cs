using Flume.Replication.Ebt;

namespace Flume.Replication.Tests;

/// <summary>Stalls, refusals, and several peers with one feed: who is asked, and who gets a note again.</summary>
public sealed class EbtPeersTests : EbtStateRig
{
    [Fact]
    public void One_of_two_peers_is_asked_and_the_other_takes_over_when_the_first_stalls()
    {
        Begin((A, 1), [F]);
        Open(1, "@P1");
        Open(2, "@P2");
        Assert.Equal("@A:2 @F:0", Notes(1));
        Assert.Equal("@A:3 @F:1", Notes(2));
        Hear(1, (F, 11));
        Hear(2, (F, 11));
        Assert.Equal("", Notes(1) + Notes(2));
        Accept(1, F, 1);
        Now += TimeSpan.FromSeconds(2.9);
        State.Tick(Now);
        Assert.Equal("", Notes(1) + Notes(2));
        Now += TimeSpan.FromSeconds(0.2);
        State.Tick(Now);
        Assert.Equal("@F:3", Notes(1));
        Assert.Equal("@F:2", Notes(2));
        for (int i = 2; i <= 5; i++) Accept(2, F, i);
        Hear(1, (F, 12));
        Assert.Equal("@F:10", Notes(1));
        Assert.Equal("@F:11", Notes(2));
        Accept(1, F, 6);
        Assert.Equal("@F:13", Notes(2));
    }

    [Fact]
    public void A_peer_that_goes_hands_its_feeds_to_one_that_has_more()
    {
        Begin((A, 0), [F]);
        Open(1, "@P1");
        Open(2, "@P2");
        Hear(1, (F, 11));
        Hear(2, (F, 11));
        _ = Notes(2);
        State.Close(1);
        Assert.Equal("@F:0", Notes(2));
    }

    [Fact]
    public void Received_messages_are_not_echoed_and_go_to_others()
    {
        Begin((A, 0), [F]);
        Open(1, "@P1");
        Open(2, "@P2");
        Hear(1, (F, 2));
        Hear(2, (F, 0));
        Accept(1, F, 1);
        Assert.Equal("", Sends(1));
        Assert.Equal("@F 1-1", Sends(2));
    }

    [Fact]
    public void A_gap_is_asked_for_again_at_most_every_three_seconds()
    {
        Begin((A, 0), [F]);
        Open(1, "@P1");
        _ = Notes(1);
        Assert.Equal(EbtVerdict.Gap, Message(1, F, 5));
        Assert.Equal("@F:0", Notes(1));
        Assert.Equal(EbtVerdict.Gap, Message(1, F, 6));
        Assert.Equal("", Notes(1));
        Now += EbtState.StallAfter;
        Assert.Equal(EbtVerdict.Gap, Message(1, F, 7));
        Assert.Equal("@F:0", Notes(1));
    }

    [Fact]
    public void A_peer_with_another_branch_is_refused_and_another_peer_is_asked()
    {
        Begin((A, 0), [F]);
        Open(1, "@P1");
        Open(2, "@P2");
        Hear(1, (F, 4));
        Hear(2, (F, 4));
        _ = Notes(1) + Notes(2);
        State.Reject(1, F);
        Assert.Equal("@F:-1", Notes(1));
        Assert.Equal("@F:0", Notes(2));
        Assert.Equal(EbtVerdict.Unwanted, Message(1, F, 1));
        Assert.Equal(EbtVerdict.Next, Message(2, F, 1));
    }

    [Fact]
    public void A_followed_feed_is_asked_of_one_peer_and_an_unfollowed_one_refused()
    {
        Begin((A, 0), []);
        Open(1, "@P1");
        Open(2, "@P2");
        _ = Notes(1) + Notes(2);
        State.SetWanted(new HashSet<string> { F });
        Assert.Equal("@F:0", Notes(1));
        Assert.Equal("@F:1", Notes(2));
        State.SetWanted(new HashSet<string>());
        Assert.Equal("@F:-1", Notes(1));
        Hear(2, (F, 2));
        Assert.Equal("@F:-1", Notes(2));
    }

    [Fact]
    public void What_was_lost_on_the_way_into_the_log_is_asked_for_again()
    {
        Begin((A, 0), [F]);
        Open(1, "@P1");
        Hear(1, (F, 4));
        _ = Notes(1);
        Assert.Equal(EbtVerdict.Next, Message(1, F, 1));
        Now += EbtState.StallAfter;
        State.Tick(Now);
        Assert.Equal("@F:0", Notes(1));
    }

    [Fact]
    public void A_peer_that_refused_an_empty_feed_gets_one_note_when_the_feed_is_no_longer_empty()
    {
        Begin((A, 0), [F]);
        Open(1, "@P1");
        Assert.Equal("@A:0 @F:0", Notes(1));
        Hear(1, (F, -1));
        Assert.Equal("", Notes(1));
        State.Stored(F, 1);
        Assert.Equal("@F:3", Notes(1));
        State.Stored(F, 2);
        Assert.Equal("", Notes(1));
        Hear(1, (F, 0));
        Assert.Equal("@F 1-2", Sends(1));
    }

    [Fact]
    public void A_peer_that_is_behind_and_silent_gets_the_note_again_at_growing_intervals()
    {
        Begin((A, 0), [F]);
        State.Load(F, 4);
        Open(1, "@P1");
        Assert.Equal("@A:0 @F:8", Notes(1));
        Hear(1, (F, -1));
        List<int> repeated = [];
        for (int second = 0; second < 150; second += 5)
        {
            Now = TimeSpan.FromSeconds(second);
            State.Tick(Now);
            if (Notes(1) == "@F:8") repeated.Add(second);
        }

        Assert.Equal([20, 60, 140], repeated);
        Hear(1, (F, 0));
        Assert.Equal("@F 1-4", Sends(1));
    }

    [Fact]
    public void A_refusal_of_an_empty_feed_is_forgotten_at_the_end_of_the_connection_and_any_other_is_kept()
    {
        Begin((A, 0), [F, G]);
        State.Load(G, 4);
        Open(1, "@P1");
        Assert.Equal("@A:0 @F:0 @G:8", Notes(1));
        Hear(1, (F, -1), (G, -1));
        Assert.Equal([new(G, -1)], State.Close(1));
    }

    [Fact]
    public void Of_two_streams_of_one_peer_the_newer_is_served_and_the_older_takes_over_at_its_end()
    {
        Begin((A, 1), []);
        Open(1, "@P1");
        _ = Notes(1);
        Open(2, "@P1");
        Assert.Equal("@A:2", Notes(2));
        Hear(1, (A, 0));
        Hear(2, (A, 0));
        Assert.Equal("", Sends(1));
        Assert.Equal("@A 1-1", Sends(2));
        State.Close(2);
        State.Stored(A, 2);
        Assert.Equal("@A 1-2", Sends(1));
    }
}
