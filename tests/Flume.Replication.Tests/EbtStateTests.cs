using Flume.Replication.Ebt;

namespace Flume.Replication.Tests;

/// <summary>What is noted and sent, packet by packet: the sequences recorded between the JavaScript peers.</summary>
public sealed class EbtStateTests
{
    private const string A = "@A", B = "@B", F = "@F", G = "@G";
    private static readonly Dictionary<string, long> Nothing = [];

    private readonly EbtState _state = new(A);
    private TimeSpan _now;

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
        _state.Stored(A, 3);
        Assert.Equal("@A 3-3", Sends(1));
        Assert.Equal("", Notes(1));
    }

    [Fact]
    public void A_reconnection_notes_only_what_has_changed()
    {
        Begin((A, 4), [B]);
        _state.Load(B, 3);
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
        Assert.Equal(0, _state.Close(1)[A]);
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
        _state.Stored(A, 3);
        Assert.Equal("", Sends(1));
        Assert.Equal("@A:7", Notes(1));
        Hear(1, (G, 10));
        Assert.Equal("@G:-1", Notes(1));
        Hear(1, (G, 12));
        Assert.Equal("", Notes(1));
        Hear(1, (A, -1));
        _state.Stored(A, 4);
        Assert.Equal("", Notes(1));
        Assert.Equal("", Sends(1));
    }

    [Fact]
    public void A_claim_of_more_than_there_is_of_the_own_feed_is_kept()
    {
        Begin((A, 2), []);
        Open(1, F);
        Hear(1, (A, 18));
        Assert.Equal(9, _state.OwnClaimed);
    }

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
        _now += TimeSpan.FromSeconds(2.9);
        _state.Tick(_now);
        Assert.Equal("", Notes(1) + Notes(2));
        _now += TimeSpan.FromSeconds(0.2);
        _state.Tick(_now);
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
        _state.Close(1);
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
    public void A_peer_that_repeats_messages_is_told_to_stop_once()
    {
        Begin((A, 0), [F]);
        _state.Load(F, 3);
        Open(1, "@P1");
        _ = Notes(1);
        Assert.Equal(EbtVerdict.Duplicate, Message(1, F, 2));
        Assert.Equal("@F:7", Notes(1));
        Assert.Equal(EbtVerdict.Duplicate, Message(1, F, 3));
        Assert.Equal("", Notes(1));
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
        _now += EbtState.StallAfter;
        Assert.Equal(EbtVerdict.Gap, Message(1, F, 7));
        Assert.Equal("@F:0", Notes(1));
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
    public void A_peer_with_another_branch_is_refused_and_another_peer_is_asked()
    {
        Begin((A, 0), [F]);
        Open(1, "@P1");
        Open(2, "@P2");
        Hear(1, (F, 4));
        Hear(2, (F, 4));
        _ = Notes(1) + Notes(2);
        _state.Reject(1, F);
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
        _state.SetWanted(new HashSet<string> { F });
        Assert.Equal("@F:0", Notes(1));
        Assert.Equal("@F:1", Notes(2));
        _state.SetWanted(new HashSet<string>());
        Assert.Equal("@F:-1", Notes(1));
        Hear(2, (F, 2));
        Assert.Equal("@F:-1", Notes(2));
    }

    [Fact]
    public void A_feed_whose_author_blocks_the_peer_is_neither_given_nor_asked()
    {
        Begin((A, 0), [F]);
        _state.Load(F, 3);
        _state.SetBlocks([(F, "@P1")]);
        Open(1, "@P1");
        Assert.Equal("@A:0", Notes(1));
        Hear(1, (F, 0));
        Assert.Equal("@F:-1", Notes(1));
        Assert.Equal("", Sends(1));
    }

    [Fact]
    public void What_was_lost_on_the_way_into_the_log_is_asked_for_again()
    {
        Begin((A, 0), [F]);
        Open(1, "@P1");
        Hear(1, (F, 4));
        _ = Notes(1);
        Assert.Equal(EbtVerdict.Next, Message(1, F, 1));
        _now += EbtState.StallAfter;
        _state.Tick(_now);
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
        _state.Stored(F, 1);
        Assert.Equal("@F:3", Notes(1));
        _state.Stored(F, 2);
        Assert.Equal("", Notes(1));
        Hear(1, (F, 0));
        Assert.Equal("@F 1-2", Sends(1));
    }

    [Fact]
    public void A_peer_that_is_behind_and_silent_gets_the_note_again_at_growing_intervals()
    {
        Begin((A, 0), [F]);
        _state.Load(F, 4);
        Open(1, "@P1");
        Assert.Equal("@A:0 @F:8", Notes(1));
        Hear(1, (F, -1));
        List<int> repeated = [];
        for (int second = 0; second < 150; second += 5)
        {
            _now = TimeSpan.FromSeconds(second);
            _state.Tick(_now);
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
        _state.Load(G, 4);
        Open(1, "@P1");
        Assert.Equal("@A:0 @F:0 @G:8", Notes(1));
        Hear(1, (F, -1), (G, -1));
        Assert.Equal([new(G, -1)], _state.Close(1));
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
        _state.Close(2);
        _state.Stored(A, 2);
        Assert.Equal("@A 1-2", Sends(1));
    }

    private void Begin((string Feed, long Sequence) own, string[] others)
    {
        _state.Load(own.Feed, own.Sequence);
        _state.SetWanted(others.Append(A).ToHashSet());
    }

    private void Open(int peer, string id, Dictionary<string, long>? remembered = null)
    {
        _state.Open(peer, id, remembered ?? Nothing, _now);
        _state.Start(peer);
    }

    private void Hear(int peer, params (string Feed, double Value)[] notes)
    {
        foreach ((string feed, double value) in notes)
        {
            if (EbtNote.TryDecode(value, out EbtNote note)) _state.ReceiveNote(peer, feed, note, _now);
        }
    }

    private EbtVerdict Message(int peer, string feed, long sequence) =>
        _state.ReceiveMessage(peer, feed, sequence, expected: Math.Max(_state.Have(feed), sequence == 2 ? 1 : 0), _now);

    private void Accept(int peer, string feed, long sequence)
    {
        Assert.Equal(EbtVerdict.Next, _state.ReceiveMessage(peer, feed, sequence, _state.Have(feed), _now));
        _state.Stored(feed, sequence);
    }

    private string Notes(int peer) => string.Join(' ', (_state.TakeNotes(peer, 100) ?? [])
        .OrderBy(note => note.Key, StringComparer.Ordinal).Select(note => $"{note.Key}:{note.Value.Encode()}"));

    private string Sends(int peer)
    {
        List<string> sends = [];
        while (_state.TakeSend(peer, 100) is { } send) sends.Add($"{send.Feed} {send.First}-{send.Last}");
        return string.Join(' ', sends);
    }
}
