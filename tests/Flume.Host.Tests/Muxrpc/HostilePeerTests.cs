using System.IO.Pipelines;
using System.Text;
using Flume.Muxrpc.Calls;
using Flume.Muxrpc.Packets;
using Flume.Query.Json;
using Flume.Ssb.Api;
using Xunit;

namespace Flume.Host.Tests.Muxrpc;

/// <summary>An error of a peer closes at most its own connection, and does not affect others.</summary>
public sealed class HostilePeerTests
{
    private static readonly RpcLimits Small = new(BodyBytesMax: 1024, StreamsMax: 10, CallsMax: 3);

    [Theory]
    [InlineData(0x02, "{\"name\":[\"x\"")]
    [InlineData(0x02, "\u0001")]
    [InlineData(0x03, "1")]
    [InlineData(0x00, "bytes")]
    [InlineData(0x0b, "1")]
    public async Task A_body_that_is_no_JSON_ends_the_connection_with_the_reason(byte flags, string body)
    {
        await using MuxrpcPeer peer = new([], Small);
        await peer.SendAsync(flags, 3, body);
        Assert.StartsWith(
            "invalid packet, the body", await peer.NextErrorAsync(3, isStream: false), StringComparison.Ordinal);
        Assert.Equal("goodbye", await peer.NextAsync());
        await peer.EndedAsync();
    }

    [Fact]
    public async Task A_body_beyond_the_limit_ends_the_connection_with_the_reason()
    {
        await using MuxrpcPeer peer = new([], Small);
        await peer.Bytes.WriteAsync(new byte[] { 0x02, 0x7f, 0, 0, 0, 0, 0, 0, 3 });
        Assert.Equal(
            "invalid packet, its body has 2130706432 bytes; at most 1024 are accepted on this connection.",
            await peer.NextErrorAsync(3, isStream: false));
        Assert.Equal("goodbye", await peer.NextAsync());
        await peer.EndedAsync();
    }

    [Fact]
    public async Task A_large_body_that_does_not_come_loses_its_place_to_the_next()
    {
        RpcLimits limits = new(1 << 24, 100, 100)
        {
            LargeBodies = new LargeBodies(1, TimeSpan.FromMilliseconds(300)),
        };
        await using MuxrpcPeer slow = new([], limits), next = new([], limits);
        byte[] body = Encoding.UTF8.GetBytes($"{{\"name\":\"{new string('x', 2 * LargeBodies.Bytes)}\",\"args\":[]}}");
        byte[] head = new byte[PacketHeader.Size];
        new PacketHeader(false, false, BodyKind.Json, (uint)body.Length, 1).Write(head);
        await slow.Bytes.WriteAsync(head);
        await slow.Bytes.WriteAsync(body.AsMemory(0, 1000));
        await next.Bytes.WriteAsync(head);
        Task sending = next.Bytes.WriteAsync(body).AsTask();
        Assert.Equal(
            "invalid packet, its body did not come within 0.3 s.", await slow.NextErrorAsync(1, isStream: false));
        await slow.EndedAsync();
        Assert.StartsWith("no async:xxx", await next.NextErrorAsync(1, isStream: false), StringComparison.Ordinal);
        await sending;
    }

    [Fact]
    public async Task Deep_nesting_ends_the_connection_not_the_process()
    {
        await using MuxrpcPeer peer = new([], Small with { BodyBytesMax = 1 << 20 });
        await peer.SendAsync(0x02, 3, new string('[', 500_000));
        Assert.Contains("deeper than", await peer.NextErrorAsync(3, isStream: false), StringComparison.Ordinal);
        await peer.EndedAsync();
    }

    [Fact]
    public async Task Answers_that_nobody_asked_for_and_ends_of_unknown_streams_are_passed_over()
    {
        await using MuxrpcPeer peer = new([], Small);
        foreach (byte flags in new byte[] { 0x02, 0x06, 0x0a, 0x0e }) await peer.SendAsync(flags, -3, "true");
        await peer.SendAsync(0x02, 0, "true");
        await peer.SendAsync(0x0e, 3, "true");
        await peer.SendAsync(0x02, int.MinValue, "true");
        await peer.CallAsync(4, "nope");
        Assert.Equal("no async:nope", await peer.NextErrorAsync(4, isStream: false));
    }

    [Fact]
    public async Task Streams_beyond_the_limit_are_refused_and_a_peer_that_goes_on_loses_the_connection()
    {
        await using MuxrpcPeer peer = new([Forever], Small);
        for (int request = 1; request <= 10; request++) await peer.OpenAsync(request, "source", "forever");
        await peer.OpenAsync(11, "source", "forever");
        Assert.Equal(
            "10 streams are open on this connection, which is the maximum. End some first.",
            await peer.NextErrorAsync(11, isStream: true));
        for (int request = 12; request <= 20; request++)
        {
            await peer.OpenAsync(request, "source", "forever");
            await peer.NextErrorAsync(request, isStream: true);
        }

        await peer.OpenAsync(21, "source", "forever");
        Assert.Contains(
            "one more of 20 streams", await peer.NextErrorAsync(21, isStream: false), StringComparison.Ordinal);
        Assert.Equal("goodbye", await peer.NextAsync());
        await peer.EndedAsync();
    }

    [Fact]
    public async Task A_stream_that_both_sides_ended_makes_room_for_another()
    {
        await using MuxrpcPeer peer = new([Forever], Small);
        for (int request = 1; request <= 200; request++)
        {
            await peer.OpenAsync(request, "source", "forever");
            await peer.EndAsync(request);
            Assert.Equal($"0e {-request} true", await peer.NextAsync());
        }
    }

    [Fact]
    public async Task Ten_thousand_streams_end_with_their_connection()
    {
        int open = 0;
        ApiMethod counted =
            ApiMethod.Source(
                "counted", Scope.Read, null, "", call => Counted(call, change => Interlocked.Add(ref open, change)));
        await using MuxrpcPeer peer = new([counted], Small with { StreamsMax = 10_000 });
        for (int request = 1; request <= 10_000; request++) await peer.OpenAsync(request, "source", "counted");
        for (int request = 1; request <= 10_000; request++) await peer.NextAsync();
        Assert.Equal(10_000, open);
        await peer.Bytes.WriteAsync(new byte[9]);
        Assert.Equal("goodbye", await peer.NextAsync());
        Assert.Equal(0, open);
    }

    [Fact]
    public async Task Calls_beyond_the_limit_are_answered_with_an_error()
    {
        TaskCompletionSource gate = new();
        ApiMethod waiting = ApiMethod.Async("wait", Scope.Read, null, "", async _ =>
        {
            await gate.Task;
            return JsValue.True;
        });
        await using MuxrpcPeer peer = new([waiting], Small);
        for (int request = 1; request <= 4; request++) await peer.CallAsync(request, "wait");
        Assert.Equal(
            "3 calls of this connection wait for answers, which is the maximum. Try again.",
            await peer.NextErrorAsync(4, isStream: false));
        gate.SetResult();
        string[] answers = [await peer.NextAsync(), await peer.NextAsync(), await peer.NextAsync()];
        Assert.Equal(["02 -1 true", "02 -2 true", "02 -3 true"], answers.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_source_is_never_far_ahead_of_the_peer_that_reads_it()
    {
        const int BufferBytes = 64 * 1024, ItemBytes = 1000;
        int sent = 0;
        ApiMethod flood =
            ApiMethod.Source(
                "flood", Scope.Read, null, "", call => Flood(call, ItemBytes, () => Interlocked.Increment(ref sent)));
        await using MuxrpcPeer peer = new([flood], toPeer: new PipeOptions(pauseWriterThreshold: BufferBytes));
        await peer.OpenAsync(1, "source", "flood");
        for (int received = 1; received <= 2000; received++)
        {
            await peer.NextAsync();
            Assert.InRange(Volatile.Read(ref sent) - received, 0, 3 * BufferBytes / ItemBytes);
        }

        await peer.EndAsync(1);
        while (!(await peer.NextAsync()).StartsWith("0e", StringComparison.Ordinal))
        {
        }
    }

    [Fact]
    public async Task A_scan_that_finds_nothing_lets_the_connections_other_calls_through()
    {
        ApiMethod scan = ApiMethod.Source("scan", Scope.Read, null, "", static call => Scan(call));
        await using MuxrpcPeer peer = new([scan], Small with { StreamsMax = 100 });
        for (int request = 1; request <= 50; request++) await peer.OpenAsync(request, "source", "scan");
        await peer.Bytes.WriteAsync(new byte[9]);
        Assert.Equal("goodbye", await peer.NextAsync());
        await peer.EndedAsync();
    }

    [Fact]
    public async Task Random_bytes_end_the_connection_and_nothing_else()
    {
        int seed = Environment.TickCount;
        for (int round = 0; round < 200; round++)
        {
            Random random = new(seed + round);
            await using MuxrpcPeer peer = new([Forever], Small);
            byte[] noise = new byte[random.Next(1, 400)];
            random.NextBytes(noise);
            if (random.Next(2) == 0) noise[..Math.Min(noise.Length, 9)].AsSpan().Fill(1);
            await peer.Bytes.WriteAsync(noise);
            await peer.Bytes.CompleteAsync();
            Exception? failure = await Record.ExceptionAsync(peer.EndedAsync);
            Assert.True(failure is null, $"seed {seed + round}: {failure}");
        }
    }

    private static ApiMethod Forever { get; } = ApiMethod.Source(
        "forever", Scope.Read, null, "", static call => Waiting(call));

    private static async IAsyncEnumerable<JsValue> Waiting(ApiCall call)
    {
        await Task.Delay(Timeout.Infinite, call.Cancelled);
        yield break;
    }

    private static async IAsyncEnumerable<JsValue> Counted(ApiCall call, Action<int> change)
    {
        change(1);
        try
        {
            yield return JsValue.True;
            await Task.Delay(Timeout.Infinite, call.Cancelled);
        }
        finally
        {
            change(-1);
        }
    }

    private static async IAsyncEnumerable<JsValue> Flood(ApiCall call, int itemBytes, Action count)
    {
        JsValue item = JsValue.From(new string('x', itemBytes));
        await Task.Yield();
        while (!call.Cancelled.IsCancellationRequested)
        {
            count();
            yield return item;
        }
    }

    private static async IAsyncEnumerable<JsValue> Scan(ApiCall call)
    {
        for (long at = 0; ; at++)
        {
            call.Cancelled.ThrowIfCancellationRequested();
            if (at < 0) yield return JsValue.From(at);
            if (at == 0) await Task.Yield();
        }
    }
}
