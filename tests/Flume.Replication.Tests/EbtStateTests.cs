using Flume.Replication.Ebt;

namespace Flume.Replication.Tests;

/// <summary>What is noted and sent, packet by packet: the sequences recorded between the JavaScript peers.</summary>
public sealed class EbtStateTests : EbtStateRig
{
    [Fact]
    public void A_first_connection_asks_for_all_feeds_and_sends_what_is_asked_for()
    {
        Begin((A, 2), [B]);
        Open(1, B);
        Assert.Equal("@A:4 @B:0", Notes(1));
        Hear(1, (B, 4), (A, 0));
        Assert.Equal("", Notes(1));
        Assert.Equal("@A 1-2", Sends(1));
        Assert.Equal(EbtVerdict.Next, Message(1, B, 1));
        Assert.Equal(EbtVerdict.Next, Message(1, B, 2));
        State.Stored(A, 3);
        Assert.Equal("@A 3-3", Sends(1));
        Assert.Equal("", Notes(1));
    }

    [Fact]
    public void A_reconnection_notes_only_what_has_changed()
    {
        Begin((A, 4), [B]);
        State.Load(B, 3);
        Open(1, B, new() { [A] = 3, [B] = 3 });
        Assert.Equal("@A:8", Notes(1));
        Hear(1, (B, 6), (A, 6));
        Assert.Equal("@B:7", Notes(1));
        Assert.Equal("@A 4-4", Sends(1));
    }

    [Fact]
    public void Sending_does_not_move_what_is_remembered_of_the_peer()
    {
        Begin((A, 2), [B]);
        Open(1, B);
        Hear(1, (A, 0));
        Assert.Equal("@A 1-2", Sends(1));
        Assert.Equal(0, State.Close(1)[A]);
    }

    [Fact]
    public void Lower_notes_are_the_truth_and_odd_ones_stop_the_sending()
    {
        Begin((A, 2), [F]);
        Open(1, F);
        Assert.Equal("@A:4 @F:0", Notes(1));
        Hear(1, (A, 0));
        Assert.Equal("@A 1-2", Sends(1));
        Hear(1, (A, 18));
        Assert.Equal("", Sends(1));
        Hear(1, (A, 2));
        Assert.Equal("@A 2-2", Sends(1));
        Hear(1, (A, 3));
        Assert.Equal("@A:4", Notes(1));
        State.Stored(A, 3);
        Assert.Equal("", Sends(1));
        Assert.Equal("@A:7", Notes(1));
        Hear(1, (G, 10));
        Assert.Equal("@G:-1", Notes(1));
        Hear(1, (G, 12));
        Assert.Equal("", Notes(1));
        Hear(1, (A, -1));
        State.Stored(A, 4);
        Assert.Equal("", Notes(1));
        Assert.Equal("", Sends(1));
    }

    [Fact]
    public void A_claim_of_more_than_there_is_of_the_own_feed_is_kept()
    {
        Begin((A, 2), []);
        Open(1, F);
        Hear(1, (A, 18));
        Assert.Equal(9, State.OwnClaimed);
    }

    [Fact]
    public void A_peer_that_repeats_messages_is_told_to_stop_once()
    {
        Begin((A, 0), [F]);
        State.Load(F, 3);
        Open(1, "@P1");
        _ = Notes(1);
        Assert.Equal(EbtVerdict.Duplicate, Message(1, F, 2));
        Assert.Equal("@F:7", Notes(1));
        Assert.Equal(EbtVerdict.Duplicate, Message(1, F, 3));
        Assert.Equal("", Notes(1));
    }

    [Fact]
    public void Feeds_that_nobody_noted_are_dropped()
    {
        Begin((A, 0), []);
        Open(1, "@P1");
        Assert.Equal(EbtVerdict.Unwanted, Message(1, G, 1));
        Assert.Equal("@A:0", Notes(1));
    }

    [Fact]
    public void A_feed_whose_author_blocks_the_peer_is_neither_given_nor_asked()
    {
        Begin((A, 0), [F]);
        State.Load(F, 3);
        State.SetBlocks([(F, "@P1")]);
        Open(1, "@P1");
        Assert.Equal("@A:0", Notes(1));
        Hear(1, (F, 0));
        Assert.Equal("@F:-1", Notes(1));
        Assert.Equal("", Sends(1));
    }
}
