using Flume.Query.Json;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;

namespace Flume.Replication.Tests;

/// <summary>Several identities of one process.</summary>
public sealed class LocalLinkTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Two_identities_of_a_process_replicate_without_a_socket_and_a_blob_comes_along()
    {
        await using FlumePeer a = await FlumePeer.StartAsync();
        FlumePeer b = await a.AddAsync("b");
        await a.PostAsync("of a");
        await b.FollowAsync(a.Id);
        await b.UntilAsync(a.Id, 1);
        await a.PostAsync("live");
        await b.UntilAsync(a.Id, 2);
        string id = await a.AddBlobAsync(100_000);
        await b.WantAsync(id);
        JsValue peer = (await b.CallAsync("flume.peers")).AsArray.Single();
        Assert.Equal(("local-process", a.Id), (peer["transport"].AsString, peer["key"].AsString));
    }

    [Fact]
    public async Task Identities_of_a_process_never_dial_each_other()
    {
        await using FlumePeer a = await FlumePeer.StartAsync();
        FlumePeer b = await a.AddAsync("b");
        ApiException refused = await Assert.ThrowsAsync<ApiException>(() => b.ConnectAsync(a.Address));
        Assert.Contains("is an identity of this process", refused.Message);
    }

    [Fact]
    public async Task A_message_that_one_identity_verified_costs_the_next_no_signature()
    {
        await using FlumePeer author = await FlumePeer.StartAsync(), a = await FlumePeer.StartAsync();
        FlumePeer b = await a.AddAsync("b");
        for (int i = 0; i < 30; i++) await author.PostAsync($"{i}");
        await a.FollowAsync(author.Id);
        await b.FollowAsync(author.Id);
        await a.ConnectAsync(author.Address);
        await a.UntilAsync(author.Id, 30);
        long before = a.Service.Verified.Saved;
        await b.ConnectAsync(author.Address);
        await b.UntilAsync(author.Id, 30);
        Assert.Equal(30, a.Service.Verified.Saved - before);
    }

    [Fact]
    public async Task An_identity_that_blocks_another_ends_their_link()
    {
        await using FlumePeer a = await FlumePeer.StartAsync();
        FlumePeer b = await a.AddAsync("b");
        await b.FollowAsync(a.Id);
        await UntilAsync(() => a.Hosted.Binding.Sessions.All.Count == 1);
        await a.BlockAsync(b.Id);
        await UntilAsync(() => a.Hosted.Binding.Sessions.All.Count + b.Hosted.Binding.Sessions.All.Count == 0);
        await a.PostAsync("hidden");

        // The message with the block may have come before it took effect.
        Assert.InRange(await b.SequenceAsync(a.Id), 0, 1);
    }

    // The message id covers only the low byte of each UTF-16 unit.
    [Fact]
    public void A_forged_message_with_the_id_of_a_verified_one_is_not_known()
    {
        VerifiedMessages verified = new() { IsOn = true };
        CanonicalMessage real = new(JsValue.Parse("""{"content":"aĀ"}""")), forged = new(JsValue.Parse("""{"content":"aȀ"}"""));
        verified.Add(real);
        Assert.Equal(real.Id, forged.Id);
        Assert.True(verified.Contains(real));
        Assert.False(verified.Contains(forged));
    }

    [Fact]
    public void Old_messages_are_forgotten_and_nothing_is_kept_while_off()
    {
        VerifiedMessages verified = new() { IsOn = true };
        CanonicalMessage[] all = [.. Enumerable.Range(0, 200_001).Select(
            static i => new CanonicalMessage(JsValue.From(i)))];
        foreach (CanonicalMessage one in all) verified.Add(one);
        Assert.False(verified.Contains(all[0]));
        Assert.True(verified.Contains(all[^1]));
        VerifiedMessages off = new();
        off.Add(all[0]);
        Assert.False(off.Contains(all[0]));
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        using CancellationTokenSource patience = new(Patience);
        while (!isSo()) await Task.Delay(10, patience.Token);
    }
}
