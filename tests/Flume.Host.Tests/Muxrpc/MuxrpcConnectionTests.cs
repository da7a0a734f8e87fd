using System.IO.Pipelines;
using Flume.Query.Json;
using Flume.Ssb.Api;
using Xunit;
using static Flume.Host.Tests.Muxrpc.MuxrpcMethods;

namespace Flume.Host.Tests.Muxrpc;

/// <summary>Calls of one connection, its errors and its end, in the protocol of npm muxrpc.</summary>
public sealed class MuxrpcConnectionTests
{
    [Fact]
    public async Task An_async_call_is_answered_under_the_negative_number()
    {
        await using MuxrpcPeer peer = new([Echo]);
        await peer.CallAsync(7, "group.echo", """{"a":1}""");
        Assert.Equal("""02 -7 {"a":1}""", await peer.NextAsync());
        await peer.CallAsync(8, "group.echo", "\"text\"");
        Assert.Equal("01 -8 text", await peer.NextAsync());
        await peer.CallAsync(9, "group.echo");
        Assert.Equal("02 -9 false", await peer.NextAsync());
    }

    [Fact]
    public async Task A_plain_string_and_a_type_are_taken_as_older_clients_send_them()
    {
        await using MuxrpcPeer peer = new(
            [ApiMethod.Sync("whoami", Scope.Read, null, "", static _ => JsValue.From(1))]);
        await peer.SendAsync(0x02, 1, """{"name":"whoami","type":"async","args":[]}""");
        Assert.Equal("02 -1 1", await peer.NextAsync());
    }

    [Theory]
    [InlineData("""{"name":["nope"],"args":[]}""", "no async:nope")]
    [InlineData("""{"name":["nope","x"],"args":[]}""", "no async:nope,x")]
    [InlineData("""{"name":"group.echo","args":[]}""", "no async:group.echo")]
    [InlineData("""{"name":["group.echo"],"args":[]}""", "no async:group.echo")]
    [InlineData("""{"name":["group"],"args":[]}""", "no async:group")]
    [InlineData("""{"name":["count"],"args":[]}""", "no async:count")]
    [InlineData("""{"args":[]}""", "no async:undefined")]
    [InlineData(
        """{"name":["group","echo"]}""", """invalid request, args should be array, was: {"name":["group","echo"]}""")]
    [InlineData("""{"name":["group","echo"],"args":{}}""",
        """invalid request, args should be array, was: {"name":["group","echo"],"args":{}}""")]
    [InlineData("7", "invalid request, args should be array, was: 7")]
    [InlineData("null", "invalid request, args should be array, was: null")]
    public async Task A_call_that_means_nothing_gets_JavaScripts_error(string body, string message)
    {
        await using MuxrpcPeer peer = new([Echo, Count]);
        await peer.SendAsync(0x02, 3, body);
        Assert.Equal(message, await peer.NextErrorAsync(3, isStream: false));
    }

    [Theory]
    [InlineData("""{"name":["nope","x"],"type":"source","args":[]}""", "no source:nope,x")]
    [InlineData("""{"name":["group","echo"],"type":"source","args":[]}""", "no source:group,echo")]
    [InlineData("""{"name":["count"],"type":"sink","args":[]}""", "no sink:count")]
    [InlineData("""{"name":["count"],"type":"duplex","args":[]}""", "no duplex:count")]
    [InlineData("""{"name":["count"],"type":"async","args":[]}""", "unsupported stream type: async")]
    [InlineData("""{"name":["count"],"args":[]}""", "unsupported stream type: undefined")]
    [InlineData("""{"name":["count"],"type":"source","args":7}""",
        """invalid request, args should be array, was: {"name":["count"],"type":"source","args":7}""")]
    public async Task A_stream_that_means_nothing_ends_with_JavaScripts_error(string body, string message)
    {
        await using MuxrpcPeer peer = new([Echo, Count]);
        await peer.SendAsync(0x0a, 3, body);
        Assert.Equal(message, await peer.NextErrorAsync(3, isStream: true));
        await peer.EndAsync(3);
        await StillServes(peer);
    }

    [Fact]
    public async Task An_error_of_the_method_carries_its_name_and_message()
    {
        ApiMethod failing =
            ApiMethod.Sync("fail", Scope.Read, null, "", static _ =>
                throw ApiException.NotFound("Key not found in database [%x]"));
        await using MuxrpcPeer peer = new([failing]);
        await peer.CallAsync(1, "fail");
        Assert.Equal(
            """06 -1 {"message":"Key not found in database [%x]","name":"NotFoundError","stack":"NotFoundError: Key not found in database [%x]"}""",
            await peer.NextAsync());
    }

    [Fact]
    public async Task Goodbye_is_answered_with_goodbye_after_all_work_has_stopped()
    {
        TaskCompletionSource disposed = new();
        await using MuxrpcPeer peer = new(
            [ApiMethod.Source("live", Scope.Read, null, "", call => Live(call, disposed))]);
        await peer.OpenAsync(5, "source", "live");
        Assert.Equal("0a -5 0", await peer.NextAsync());
        await peer.Bytes.WriteAsync(new byte[9]);
        Assert.Equal("goodbye", await peer.NextAsync());
        Assert.True(disposed.Task.IsCompleted);
        await peer.EndedAsync();
    }

    [Fact]
    public async Task A_stop_of_the_service_says_goodbye()
    {
        await using MuxrpcPeer peer = new(
            [ApiMethod.Source("live", Scope.Read, null, "", static call => Live(call, new()))]);
        await peer.OpenAsync(5, "source", "live");
        Assert.Equal("0a -5 0", await peer.NextAsync());
        await peer.StopAsync();
        Assert.Equal("goodbye", await peer.NextAsync());
        await peer.EndedAsync();
    }

    [Fact]
    public async Task A_stranger_may_call_the_anonymous_methods_only_and_learns_nothing_of_others()
    {
        ApiMethod open = ApiMethod.Sync("open", Scope.Read, null, "", static _ => JsValue.True).ForAnyone();
        await using MuxrpcPeer peer = new([open, Echo], isOwner: false);
        await peer.CallAsync(1, "open");
        Assert.Equal("02 -1 true", await peer.NextAsync());
        await peer.CallAsync(2, "group.echo");
        Assert.Equal(
            "method:group,echo is not in list of allowed methods", await peer.NextErrorAsync(2, isStream: false));
        await peer.OpenAsync(3, "source", "nope");
        Assert.Equal("method:nope is not in list of allowed methods", await peer.NextErrorAsync(3, isStream: true));
    }

    [Fact]
    public async Task A_bug_is_told_to_the_owner_and_hidden_from_strangers()
    {
        ApiMethod failing =
            ApiMethod.Sync("fail", Scope.Read, null, "", static _ =>
                throw new InvalidOperationException("inner")).ForAnyone();
        await using MuxrpcPeer owner = new([failing]);
        await owner.CallAsync(1, "fail");
        Assert.Equal("inner", await owner.NextErrorAsync(1, isStream: false));
        await using MuxrpcPeer stranger = new([failing], isOwner: false);
        await stranger.CallAsync(1, "fail");
        Assert.Equal("the service failed to answer", await stranger.NextErrorAsync(1, isStream: false));
    }
}
