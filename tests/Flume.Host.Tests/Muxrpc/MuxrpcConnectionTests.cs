using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;
using Flume.Muxrpc.Calls;
using Flume.Query.Json;
using Flume.Ssb.Api;
using Xunit;

namespace Flume.Host.Tests.Muxrpc;

/// <summary>Calls and streams of one connection, in the protocol of npm muxrpc.</summary>
public sealed class MuxrpcConnectionTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

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
        await using MuxrpcPeer peer = new([ApiMethod.Sync("whoami", Scope.Read, null, "", static _ => JsValue.From(1))]);
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
            ApiMethod.Sync("fail", Scope.Read, null, "", static _ => throw ApiException.NotFound("Key not found in database [%x]"));
        await using MuxrpcPeer peer = new([failing]);
        await peer.CallAsync(1, "fail");
        Assert.Equal(
            """06 -1 {"message":"Key not found in database [%x]","name":"NotFoundError","stack":"NotFoundError: Key not found in database [%x]"}""",
            await peer.NextAsync());
    }

    [Fact]
    public async Task A_source_sends_its_items_then_its_end_and_forgets_the_stream_with_the_peers_end()
    {
        await using MuxrpcPeer peer = new([Count]);
        await peer.OpenAsync(5, "source", "count", "2");
        Assert.Equal("0a -5 0", await peer.NextAsync());
        Assert.Equal("0a -5 1", await peer.NextAsync());
        Assert.Equal("0e -5 true", await peer.NextAsync());
        await peer.EndAsync(5);
        await peer.OpenAsync(5, "source", "count", "1");
        Assert.Equal("0a -5 0", await peer.NextAsync());
    }

    [Fact]
    public async Task A_source_that_the_peer_ends_first_is_stopped_and_answers_with_one_end()
    {
        TaskCompletionSource disposed = new();
        await using MuxrpcPeer peer = new([ApiMethod.Source("live", Scope.Read, null, "", call => Live(call, disposed))]);
        await peer.OpenAsync(5, "source", "live");
        Assert.Equal("0a -5 0", await peer.NextAsync());
        await peer.EndAsync(5);
        Assert.Equal("0e -5 true", await peer.NextAsync());
        await disposed.Task.WaitAsync(Patience);
        await peer.EndAsync(5);
        await StillServes(peer);
    }

    [Fact]
    public async Task A_source_that_fails_half_way_ends_with_the_error()
    {
        await using MuxrpcPeer peer =
            new([ApiMethod.Source("failing", Scope.Read, null, "", static call => Failing(call.Cancelled))]);
        await peer.OpenAsync(5, "source", "failing");
        Assert.Equal("0a -5 1", await peer.NextAsync());
        Assert.Equal("half way", await peer.NextErrorAsync(5, isStream: true));
    }

    [Fact]
    public async Task A_source_of_bytes_sends_buffers()
    {
        ApiMethod bytes = ApiMethod.BytesSource("bytes", Scope.Read, "", static call => Pieces(call.Cancelled, [1, 2], [3]));
        await using MuxrpcPeer peer = new([bytes]);
        await peer.OpenAsync(5, "source", "bytes");
        Assert.Equal("08 -5 0102", await peer.NextAsync());
        Assert.Equal("08 -5 03", await peer.NextAsync());
        Assert.Equal("0e -5 true", await peer.NextAsync());
    }

    [Fact]
    public async Task A_sink_takes_items_and_answers_with_its_end_when_it_is_done()
    {
        List<string> taken = [];
        await using MuxrpcPeer peer = new([SinkInto(taken)]);
        await peer.OpenAsync(5, "sink", "sink");
        await peer.SendAsync(0x0a, 5, "1");
        await peer.SendAsync(0x09, 5, "text");
        await peer.EndAsync(5);
        Assert.Equal("0e -5 true", await peer.NextAsync());
        Assert.Equal(["1", "\"text\""], taken);
    }

    [Fact]
    public async Task A_call_behind_a_sinks_end_sees_what_the_sink_did()
    {
        List<string> taken = [];
        ApiMethod count = ApiMethod.Sync("taken", Scope.Read, null, "", _ => JsValue.From((double)taken.Count));
        await using MuxrpcPeer peer = new([SinkInto(taken), count]);
        await peer.OpenAsync(5, "sink", "sink");
        await peer.SendAsync(0x0a, 5, "1");
        await peer.EndAsync(5);
        await peer.CallAsync(6, "taken");
        Assert.Equal("0e -5 true", await peer.NextAsync());
        Assert.Equal("02 -6 1", await peer.NextAsync());
    }

    [Fact]
    public async Task A_sink_whose_peer_gives_up_fails_instead_of_finishing()
    {
        await using MuxrpcPeer peer = new([SinkInto([])]);
        await peer.OpenAsync(5, "sink", "sink");
        await peer.EndAsync(5, """{"message":"no"}""");
        Assert.Equal("the peer aborted the stream", await peer.NextErrorAsync(5, isStream: true));
    }

    [Fact]
    public async Task A_sink_that_fails_early_ends_early_and_what_still_comes_is_passed_over()
    {
        ApiMethod failing = ApiMethod.Sink("sink", Scope.Append, null, "", static (_, _) => throw ApiException.Error("full"));
        await using MuxrpcPeer peer = new([failing]);
        await peer.OpenAsync(5, "sink", "sink");
        Assert.Equal("full", await peer.NextErrorAsync(5, isStream: true));
        for (int i = 0; i < 20; i++) await peer.SendAsync(0x0a, 5, "1");
        await peer.EndAsync(5);
        await StillServes(peer);
    }

    [Fact]
    public async Task A_sink_of_bytes_takes_buffers_and_refuses_JSON()
    {
        MemoryStream taken = new();
        ApiMethod sink = ApiMethod.BytesSink("sink", Scope.Append, "", async (_, pieces) =>
        {
            await foreach (ReadOnlyMemory<byte> piece in pieces) taken.Write(piece.Span);
            return JsValue.Undefined;
        });
        await using MuxrpcPeer peer = new([sink]);
        await peer.OpenAsync(5, "sink", "sink", "null");
        await peer.SendAsync(0x08, 5, [1, 2, 3]);
        await peer.EndAsync(5);
        Assert.Equal("0e -5 true", await peer.NextAsync());
        Assert.Equal([1, 2, 3], taken.ToArray());
        await peer.OpenAsync(7, "sink", "sink", "null");
        await peer.SendAsync(0x0a, 7, "{}");
        Assert.Equal(
            "this sink takes buffers, but a JSON value was sent", await peer.NextErrorAsync(7, isStream: true));
    }

    [Fact]
    public async Task Goodbye_is_answered_with_goodbye_after_all_work_has_stopped()
    {
        TaskCompletionSource disposed = new();
        await using MuxrpcPeer peer = new([ApiMethod.Source("live", Scope.Read, null, "", call => Live(call, disposed))]);
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
        await using MuxrpcPeer peer = new([ApiMethod.Source("live", Scope.Read, null, "", static call => Live(call, new()))]);
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
            ApiMethod.Sync("fail", Scope.Read, null, "", static _ => throw new InvalidOperationException("inner")).ForAnyone();
        await using MuxrpcPeer owner = new([failing]);
        await owner.CallAsync(1, "fail");
        Assert.Equal("inner", await owner.NextErrorAsync(1, isStream: false));
        await using MuxrpcPeer stranger = new([failing], isOwner: false);
        await stranger.CallAsync(1, "fail");
        Assert.Equal("the service failed to answer", await stranger.NextErrorAsync(1, isStream: false));
    }

    private static ApiMethod Echo { get; } = ApiMethod.Async("group.echo", Scope.Read, null, "", static call => new(call.Arg(0)));

    private static ApiMethod Count { get; } = ApiMethod.Source("count", Scope.Read, null, "", static call => Counting(call));

    private static ApiMethod SinkInto(List<string> taken) => ApiMethod.Sink("sink", Scope.Append, null, "", async (_, items) =>
    {
        await foreach (JsValue item in items) taken.Add(item.ToJson());
        return JsValue.Undefined;
    });

    private static async Task StillServes(MuxrpcPeer peer)
    {
        await peer.CallAsync(99, "nope");
        Assert.Equal("no async:nope", await peer.NextErrorAsync(99, isStream: false));
    }

    private static async IAsyncEnumerable<JsValue> Counting(ApiCall call)
    {
        await Task.Yield();
        for (int i = 0; i < call.Arg(0).AsNumber; i++) yield return JsValue.From(i);
    }

    private static async IAsyncEnumerable<JsValue> Live(ApiCall call, TaskCompletionSource disposed)
    {
        try
        {
            yield return JsValue.From(0);
            await Task.Delay(Timeout.Infinite, call.Cancelled);
        }
        finally
        {
            disposed.SetResult();
        }
    }

    private static async IAsyncEnumerable<JsValue> Failing([EnumeratorCancellation] CancellationToken cancel)
    {
        yield return JsValue.From(1);
        await Task.Yield();
        cancel.ThrowIfCancellationRequested();
        throw ApiException.Error("half way");
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> Pieces(
        [EnumeratorCancellation] CancellationToken cancel, params byte[][] pieces)
    {
        foreach (byte[] piece in pieces)
        {
            await Task.Yield();
            cancel.ThrowIfCancellationRequested();
            yield return piece;
        }
    }
}
