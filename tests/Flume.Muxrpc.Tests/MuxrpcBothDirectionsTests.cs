using System.Text;
using Flume.Muxrpc.Calls;
using Flume.Muxrpc.Packets;
using Flume.Query.Json;
using Flume.TestKit;

namespace Flume.Muxrpc.Tests;

/// <summary>A connection that calls and is called.</summary>
public sealed class MuxrpcBothDirectionsTests
{
    [Fact]
    public async Task Both_sides_call_each_other_under_the_same_number()
    {
        await using RpcPair pair = new(Named("left"), Named("right"));
        Task<JsValue> toRight = pair.Left.CallAsync("whoami", [], default);
        Task<JsValue> toLeft = pair.Right.CallAsync("whoami", [], default);
        Assert.Equal("right", (await toRight.WaitAsync(PacketPeer.Patience)).AsString);
        Assert.Equal("left", (await toLeft.WaitAsync(PacketPeer.Patience)).AsString);
    }

    [Fact]
    public async Task The_error_of_a_remote_method_arrives_with_its_text()
    {
        await using RpcPair pair = new(new TestService(), new TestService());
        RpcException error =
            await Assert.ThrowsAsync<RpcException>(() => pair.Left.CallAsync("ebt.clock", [], default));
        Assert.Equal("method:ebt,clock is not in list of allowed methods", error.Message);
    }

    [Fact]
    public async Task A_remote_source_is_read_to_its_end()
    {
        TestService right = new() { ["count"] = static _ => new() { Source = static _ => CountAsync() } };
        await using RpcPair pair = new(new TestService(), right);
        DuplexStream stream = await pair.Left.OpenAsync("source", "count", [], default);
        Assert.Equal(["0", "1", "2"], await TextsAsync(stream));
        await stream.EndAsync(JsValue.True);
    }

    [Fact]
    public async Task A_remote_source_that_fails_throws_its_error_at_the_reader()
    {
        await using RpcPair pair = new(new TestService(), new TestService());
        DuplexStream stream = await pair.Left.OpenAsync("source", "count", [], default);
        RpcException error = await Assert.ThrowsAsync<RpcException>(() => TextsAsync(stream));
        Assert.Equal("method:count is not in list of allowed methods", error.Message);
        await stream.EndAsync(JsValue.True);
    }

    [Fact]
    public async Task A_duplex_carries_items_both_ways_until_each_side_has_ended()
    {
        TestService right = new() { ["echo"] = static _ => new() { Duplex = EchoAsync } };
        await using RpcPair pair = new(new TestService(), right);
        DuplexStream stream = await pair.Left.OpenAsync("duplex", "echo", [], default);
        await stream.WriteJsonAsync("""{"a":1}"""u8.ToArray(), default);
        await stream.WriteAsync(JsValue.From("two"), default);
        await stream.FlushAsync(default);
        await stream.EndAsync(JsValue.True);
        Assert.Equal(["""{"a":1}""", "two"], await TextsAsync(stream));
    }

    [Fact]
    public async Task A_call_that_waits_when_the_peer_goes_is_cancelled()
    {
        TestService right = new() { ["never"] = static _ => new() { Call = NeverAsync } };
        RpcPair pair = new(new TestService(), right);
        Task<JsValue> call = pair.Left.CallAsync("never", [], default);
        await pair.DisposeAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(PacketPeer.Patience));
    }

    [Fact]
    public async Task An_end_without_the_streams_bit_ends_the_stream()
    {
        TestService service = new() { ["echo"] = static _ => new() { Duplex = EchoAsync } };
        await using OnePeer peer = new(service);
        await peer.OpenAsync(1, "duplex", "echo");
        await peer.SendAsync(0x0a, 1, """{"a":1}""");
        Assert.Equal("""0a -1 {"a":1}""", await peer.NextAsync());
        await peer.SendAsync(0x06, 1, "true");
        Assert.Equal("0e -1 true", await peer.NextAsync());
    }

    [Fact]
    public async Task An_empty_item_of_a_stream_is_no_goodbye()
    {
        TestService service = new() { ["echo"] = static _ => new() { Duplex = EchoAsync } };
        await using OnePeer peer = new(service);
        await peer.OpenAsync(1, "duplex", "echo");
        await peer.SendAsync(0x08, 1, "");
        await peer.SendAsync(0x08, 77, "");
        await peer.SendAsync(0x0a, 1, "7");
        Assert.Equal("0a -1 7", await peer.NextAsync());
    }

    [Fact]
    public async Task Nine_zero_bytes_are_a_goodbye_and_get_one()
    {
        await using OnePeer peer = new(new TestService());
        await peer.SendAsync(0, 0, "");
        Assert.Equal("goodbye", await peer.NextAsync());
    }

    [Fact]
    public async Task Answers_to_requests_that_nobody_made_are_ignored()
    {
        await using OnePeer peer = new(Named("x"));
        await peer.SendAsync(0x06, -9, """{"message":"invalid request"}""");
        await peer.SendAsync(0x0e, 12, "true");
        await peer.CallAsync(1, "whoami");
        Assert.Equal("01 -1 x", await peer.NextAsync());
    }

    private static TestService Named(string name) => new()
    {
        ["whoami"] = _ => new() { Call = _ => new(JsValue.From(name)) },
    };

    private static async ValueTask<JsValue> NeverAsync(CancellationToken cancel)
    {
        await Task.Delay(Timeout.Infinite, cancel);
        return default;
    }

    private static async IAsyncEnumerable<JsValue> CountAsync()
    {
        for (int i = 0; i < 3; i++)
        {
            await Task.Yield();
            yield return JsValue.From(i);
        }
    }

    private static async Task EchoAsync(DuplexStream stream, CancellationToken cancel)
    {
        await foreach (Packet item in stream.ReadAllAsync(cancel))
        {
            if (item.Body.IsEmpty) continue;
            await stream.WriteAsync(item.ReadValue(), cancel);
            await stream.FlushAsync(cancel);
        }
    }

    private static async Task<List<string>> TextsAsync(DuplexStream stream)
    {
        List<string> texts = [];
        await foreach (Packet item in stream.ReadAllAsync()) texts.Add(Encoding.UTF8.GetString(item.Body.Span));
        return texts;
    }
}
