using System.Security.Cryptography;
using Flume.Actors;
using Flume.Replication.Blobs;
using Flume.Ssb.Messages;

namespace Flume.Replication.Tests;

/// <summary>What is told about blobs, item by item: the sequences recorded between JavaScript peers.</summary>
public sealed class BlobWantsTests
{
    private static readonly string X = Ref.Blob(SHA256.HashData("x"u8)), Y = Ref.Blob(SHA256.HashData("y"u8));
    private TimeSpan _now;
    private BlobWants _state = new(Settings());

    [Fact]
    public void A_want_is_told_once_and_a_peer_that_has_the_blob_is_asked_for_it()
    {
        Open(1, 2);
        Assert.True(_state.Want(X));
        Assert.True(_state.Want(X));
        Assert.Equal($"{X}:-1", Items(1));
        Assert.Equal($"{X}:-1", Items(2));
        Assert.Null(_state.TakeFetch(_now));
        _state.Receive(2, X, 100_000, null);
        Assert.Equal(new BlobFetch(2, X), _state.TakeFetch(_now));
        Assert.Null(_state.TakeFetch(_now));
        _state.FetchEnded(new BlobFetch(2, X), isStored: true, _now);
        _state.Added(X, 100_000);
        Assert.Equal("", Items(1) + Items(2));
        Assert.Equal(0, _state.WantCount);
    }

    [Fact]
    public void A_want_of_a_peer_goes_to_everyone_one_hop_farther_and_the_size_back_to_that_peer_only()
    {
        Open(1, 2);
        _state.Receive(1, X, -1, null);
        Assert.Equal($"{X}:-2", Items(1));
        Assert.Equal($"{X}:-2", Items(2));
        _state.Receive(2, X, 1000, null);
        Assert.Equal(new BlobFetch(2, X), _state.TakeFetch(_now));
        _state.Added(X, 1000);
        Assert.Equal($"{X}:1000", Items(1));
        Assert.Equal("", Items(2));
    }

    [Theory]
    [InlineData(-1, -2)]
    [InlineData(-2, -3)]
    [InlineData(-3, null)]
    [InlineData(-1e300, null)]
    public void Wants_beyond_the_sympathy_are_not_passed_on(double asked, int? passed)
    {
        Open(1, 2);
        _state.Receive(1, X, asked, null);
        Assert.Equal(passed is null ? "" : $"{X}:{passed}", Items(2));
    }

    [Fact]
    public void A_blob_that_is_here_is_answered_with_its_size_and_not_passed_on()
    {
        Open(1, 2);
        _state.Receive(1, X, -1, 10);
        Assert.Equal($"{X}:10", Items(1));
        Assert.Equal("", Items(2));
    }

    [Fact]
    public void A_nearer_want_replaces_a_farther_one_and_not_the_other_way_round()
    {
        Open(1, 2);
        _state.Receive(1, X, -2, null);
        Assert.Equal($"{X}:-3", Items(2));
        _state.Want(X);
        Assert.Equal($"{X}:-1", Items(2));
        _state.Receive(1, X, -1, null);
        Assert.Equal("", Items(2));
    }

    [Fact]
    public void A_peer_that_connects_later_gets_all_wants_and_what_a_gone_peer_wanted_is_forgotten()
    {
        Open(1);
        _state.Want(Y);
        _state.Receive(1, X, -1, null);
        Open(2);
        Assert.Equal(2, Items(2).Split(' ').Length);
        _state.Close(1);
        Open(3);
        Assert.Equal($"{Y}:-1", Items(3));
    }

    [Fact]
    public void A_push_is_offered_until_enough_peers_have_it()
    {
        Open(1, 2, 3);
        _state.Push(X);
        Assert.Equal($"{X}:-1", Items(1));
        _state.Receive(1, X, -2, 11);
        Assert.Equal($"{X}:11", Items(1));
        for (int peer = 1; peer <= 3; peer++)
        {
            Assert.Equal([X], _state.Pushed);
            _state.Receive(peer, X, 11, null);
        }

        Assert.Empty(_state.Pushed);
        Assert.Null(_state.TakeFetch(_now));
    }

    [Fact]
    public void A_failed_fetch_goes_to_another_peer_and_back_to_the_first_after_a_minute()
    {
        Open(1, 2);
        _state.Want(X);
        _state.Receive(1, X, 5, null);
        _state.FetchEnded(_state.TakeFetch(_now)!.Value, isStored: false, _now);
        Assert.Null(_state.TakeFetch(_now));
        _state.Receive(1, X, 5, null);
        Assert.Null(_state.TakeFetch(_now));
        _state.Receive(2, X, 5, null);
        Assert.Equal(new BlobFetch(2, X), _state.TakeFetch(_now));
        _state.FetchEnded(new BlobFetch(2, X), isStored: false, _now);
        _now += TimeSpan.FromMinutes(1);
        _state.Retry();
        Assert.NotNull(_state.TakeFetch(_now));
    }

    [Fact]
    public void Large_blobs_and_more_than_the_limits_are_not_fetched()
    {
        Open(1);
        string[] ids = [.. Enumerable.Range(0, 5).Select(i => Ref.Blob(SHA256.HashData([(byte)i])))];
        foreach (string id in ids)
        {
            _state.Want(id);
            _state.Receive(1, id, id == ids[0] ? 5 << 20 : (5 << 20) - 1, null);
        }

        List<BlobFetch> fetches = [];
        while (_state.TakeFetch(_now) is { } fetch) fetches.Add(fetch);
        Assert.Equal(ids[1..4], fetches.Select(fetch => fetch.Id));
        _state.FetchEnded(fetches[0], isStored: true, _now);
        Assert.Equal(new BlobFetch(1, ids[4]), _state.TakeFetch(_now));
    }

    [Fact]
    public void Wants_above_the_limits_are_ignored()
    {
        _state = new(Settings() with { WantsMax = 3, WantsPerPeerMax = 2 });
        Open(1, 2);
        for (int i = 0; i < 5; i++) _state.Receive(1, Ref.Blob(SHA256.HashData([(byte)i])), -1, null);
        Assert.Equal(2, _state.WantCount);
        Assert.True(_state.Want(X));
        Assert.False(_state.Want(Y));
    }

    [Fact]
    public void Keys_that_are_no_blobs_and_zero_are_ignored()
    {
        Open(1);
        _state.Receive(1, "junk", -1, null);
        _state.Receive(1, X, 0, null);
        _state.Receive(1, X, double.NaN, null);
        Assert.Equal("", Items(1));
        Assert.Equal(0, _state.WantCount);
    }

    private static BlobSettings Settings() => new()
    {
        Enabled = true, BytesMax = 5 << 20, Sympathy = 3, PushTo = 3, WantsMax = 100, WantsPerPeerMax = 50,
        FetchesMax = 8, FetchesPerPeerMax = 3, QuotaBytes = 0,
        IdleWithin = TimeSpan.FromSeconds(30), FetchWithin = TimeSpan.FromMinutes(10),
    };

    private void Open(params int[] peers)
    {
        foreach (int peer in peers) _state.Open(peer, $"@{peer}");
    }

    private string Items(int peer) => string.Join(' ', _state.Take(peer)?.Select(item => $"{item.Key}:{item.Value}") ?? []);
}
