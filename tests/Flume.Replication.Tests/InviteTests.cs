using Flume.Muxrpc.Calls;
using Flume.Query.Json;
using Flume.Replication.Invites;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;

namespace Flume.Replication.Tests;

/// <summary>Invites as a guest and a pub see them; the texts are those of npm ssb-invite.</summary>
public sealed class InviteTests
{
    private const string Private = "flume.replication.allow-private = on";

    [Fact]
    public async Task A_code_makes_pub_and_guest_follow_each_other_and_accepting_again_publishes_nothing()
    {
        await using FlumePeer pub = await FlumePeer.StartAsync(Private), guest = await FlumePeer.StartAsync();
        string code = await CreateAsync(pub, """{"uses":2,"note":"friends"}""");
        JsValue published = await guest.CallAsync("invite.accept", JsValue.From(code));
        Assert.Equal(["contact", "pub"], published.AsArray.Select(one => one["value"]["content"]["type"].AsString));
        Assert.DoesNotContain(code.Split('~')[1], published.ToJson());
        JsValue contact = (await pub.CallAsync("getLatest", JsValue.From(pub.Id)))["value"]["content"];
        Assert.Equal(
            $$"""{"type":"contact","contact":"{{guest.Id}}","following":true,"pub":true,"note":"friends"}""", contact.ToJson());
        await pub.UntilAsync(guest.Id, 2);
        Assert.Equal("[]", (await guest.CallAsync("invite.accept", JsValue.From(code))).ToJson());
        JsValue listed = (await pub.CallAsync("flume.invites")).AsArray.Single();
        Assert.Equal(1, listed["used"].AsNumber);
        Assert.Equal(guest.Id, listed["usedBy"].AsArray.Single()["feed"].AsString);
        Assert.DoesNotContain(code.Split('~')[1], File.ReadAllText(Path.Combine(pub.Identity.Directory, "invites.json")));
    }

    [Fact]
    public async Task A_guest_may_use_the_code_alone_and_gets_the_errors_that_programs_know()
    {
        await using FlumePeer pub = await FlumePeer.StartAsync(Private);
        FeedKeys keys = FeedKeys.FromSeed(InviteCode.Parse(await CreateAsync(pub, "1"))!.Seed.Span);
        string first = FeedKeys.Generate().Id, second = FeedKeys.Generate().Id;
        await using (OddPeer guest = await OddPeer.ConnectAsync(pub, [], keys))
        {
            Assert.Equal("method:whoami is not in list of allowed methods", await ErrorAsync(guest, "whoami", "1"));
            Assert.Equal("Param 0 must by of type object", await ErrorAsync(guest, "invite.use", "\"x\""));
            Assert.Equal("feed to follow is missing", await ErrorAsync(guest, "invite.use", "{}"));
            Assert.Equal("invalid feed id", await ErrorAsync(guest, "invite.use", """{"feed":"junk"}"""));
            await guest.Connection.CallAsync("invite.use", Args($$"""{"feed":"{{first}}"}"""), default);
            Assert.Equal("already following", await ErrorAsync(guest, "invite.use", $$"""{"feed":"{{first}}"}"""));
            Assert.Equal("invite has expired", await ErrorAsync(guest, "invite.use", $$"""{"feed":"{{second}}"}"""));
        }

        await using OddPeer again = await OddPeer.ConnectAsync(pub, [], keys);
        Assert.Equal(
            "method:invite,use is not in list of allowed methods",
            await ErrorAsync(again, "invite.use", $$"""{"feed":"{{second}}"}"""));
    }

    [Fact]
    public async Task Parallel_uses_of_one_code_count_exactly()
    {
        await using FlumePeer pub = await FlumePeer.StartAsync(Private);
        FeedKeys keys = FeedKeys.FromSeed(InviteCode.Parse(await CreateAsync(pub, "3"))!.Seed.Span);
        await using OddPeer guest = await OddPeer.ConnectAsync(pub, [], keys);
        string[] answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ =>
            ErrorAsync(guest, "invite.use", $$"""{"feed":"{{FeedKeys.Generate().Id}}"}""")));
        Assert.Equal(3, answers.Count(static answer => answer.Length == 0));
        Assert.Equal(7, answers.Count(static answer => answer == "invite has expired"));
        Assert.Equal(3, await pub.SequenceAsync(pub.Id));
    }

    [Fact]
    public async Task A_revoked_code_is_refused_and_invites_outlive_a_restart()
    {
        await using FlumePeer pub = await FlumePeer.StartAsync(Private);
        await using FlumePeer guest = await FlumePeer.StartAsync();
        string code = await CreateAsync(pub, "1");
        string path = Path.Combine(pub.Identity.Directory, "invites.json");
        Invite stored = new InviteBook(path, TimeProvider.System).All().Single();
        await pub.CallAsync("flume.revokeInvite", JsValue.From(stored.Guest));
        ApiException refused = await Assert.ThrowsAsync<ApiException>(
            () => guest.CallAsync("invite.accept", JsValue.From(code)));
        Assert.Equal("invite not accepted: method:invite,use is not in list of allowed methods", refused.Message);
        Assert.Equal(0, await guest.SequenceAsync(guest.Id));
    }

    [Theory]
    [InlineData("0", "an invite has 1 to 1000 uses, not 0")]
    [InlineData("1.5", "an invite has 1 to 1000 uses, not 1.5")]
    [InlineData("1", "Server has no public ip address, cannot create useable invitation")]
    [InlineData("""{"uses":1,"external":"10.0.0.1"}""", "Server has no public ip address, cannot create useable invitation")]
    public async Task Invites_that_nobody_could_use_are_not_created(string asked, string error)
    {
        await using FlumePeer pub = await FlumePeer.StartAsync();
        Assert.Equal(error, (await Assert.ThrowsAsync<ApiException>(() => CreateAsync(pub, asked))).Message);
        Assert.StartsWith("pub.example.org:", await CreateAsync(pub, """{"external":"pub.example.org"}"""));
    }

    [Fact]
    public void Codes_are_read_in_both_forms_quoted_or_with_a_hint()
    {
        FeedKeys pub = FeedKeys.Generate();
        InviteCode code = new("pub.example", 8008, pub.PublicKey, new byte[32]);
        string key = Convert.ToBase64String(pub.PublicKey.Span), seed = Convert.ToBase64String(new byte[32]);
        string[] forms = [code.ToString(), $"\"{code}\"", $"net:pub.example:8008~shs:{key}:{seed}", $"{code}#https://x"];
        foreach (string form in forms) Assert.Equal(code.ToString(), InviteCode.Parse(form)?.ToString());
        Assert.DoesNotContain(seed, code.OwnAddress.ToString());
        foreach (string junk in (string[])["", "x", $"pub:8008:{pub.Id}", $"pub:{pub.Id}~{seed}", $"pub:8008:{pub.Id}~junk"])
            Assert.Null(InviteCode.Parse(junk));
    }

    private static async Task<string> CreateAsync(FlumePeer pub, string options) =>
        (await pub.CallAsync("invite.create", JsValue.Parse(options))).AsString;

    private static JsArray Args(string json) => new JsArray().Add(JsValue.Parse(json));

    private static async Task<string> ErrorAsync(OddPeer peer, string method, string argument)
    {
        try
        {
            await peer.Connection.CallAsync(method, Args(argument), default);
            return "";
        }
        catch (RpcException error)
        {
            return error.Message;
        }
    }
}
