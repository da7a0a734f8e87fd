using Flume.Query.Json;
using Flume.Ssb.Api;
using Xunit;
using static Flume.Host.Tests.Muxrpc.MuxrpcMethods;

namespace Flume.Host.Tests.Muxrpc;

/// <summary>Sources and sinks of one connection, in the protocol of npm muxrpc.</summary>
public sealed class MuxrpcStreamTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

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
        await using MuxrpcPeer peer = new(
            [ApiMethod.Source("live", Scope.Read, null, "", call => Live(call, disposed))]);
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
        ApiMethod bytes = ApiMethod.BytesSource(
            "bytes", Scope.Read, "", static call => Pieces(call.Cancelled, [1, 2], [3]));
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
        ApiMethod failing = ApiMethod.Sink(
            "sink", Scope.Append, null, "", static (_, _) => throw ApiException.Error("full"));
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
}
