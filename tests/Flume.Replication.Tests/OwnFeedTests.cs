using Flume.Query.Json;
using Flume.Replication.Ebt;
using Flume.Ssb.Api;

namespace Flume.Replication.Tests;

/// <summary>The identity's own feed when a peer knows more of it than the log.</summary>
public sealed class OwnFeedTests
{
    [Fact]
    public async Task Publishing_is_refused_while_a_peer_claims_more_of_the_own_feed()
    {
        await using FlumePeer flume = await FlumePeer.StartAsync();
        await flume.PostAsync("one");
        int peer = flume.Hosted.Replication.OpenEbt($"@{Convert.ToBase64String(new byte[32])}.ed25519", static () => { });
        flume.Hosted.Replication.StartEbt(peer);
        flume.Hosted.Replication.ReceiveNotes(peer, [(flume.Id, new EbtNote(7, true))]);
        ApiException error = await Assert.ThrowsAsync<ApiException>(() => flume.PostAsync("two"));
        Assert.StartsWith("own feed is behind: 1 of 7.", error.Message, StringComparison.Ordinal);
        await flume.CallAsync("flume.confirmRestore");
        await flume.PostAsync("two");
        Assert.Equal(2, await flume.SequenceAsync(flume.Id));
    }

    [Fact]
    public async Task A_forged_message_is_kept_as_proof_and_not_appended()
    {
        await using FlumePeer a = await FlumePeer.StartAsync(), b = await FlumePeer.StartAsync();
        await b.PostAsync("true");
        await a.FollowAsync(b.Id);
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(20));
        while (!a.Hosted.Replication.Wanted().ContainsKey(b.Id)) await Task.Delay(10, patience.Token);
        JsValue message = (await b.CallAsync("getLatest", JsValue.From(b.Id)))["value"];
        JsValue forged = JsValue.Parse(message.ToJson().Replace("true", "lies", StringComparison.Ordinal));
        int peer = a.Hosted.Replication.OpenEbt(b.Id, static () => { });
        a.Hosted.Replication.StartEbt(peer);
        _ = a.Hosted.Replication.TakeEbtNotes(peer, 100);
        await a.Hosted.Replication.ReceiveMessageAsync(peer, forged, default);
        while (a.Hosted.Replication.Forks.ToDictionary().Count == 0) await Task.Delay(10, patience.Token);
        Assert.Equal(EbtNote.Refusal, a.Hosted.Replication.TakeEbtNotes(peer, 100)![b.Id]);
        int other = a.Hosted.Replication.OpenEbt("@other", static () => { });
        a.Hosted.Replication.StartEbt(other);
        await a.Hosted.Replication.ReceiveMessageAsync(other, message, default);
        await a.UntilAsync(b.Id, 1);
    }
}
