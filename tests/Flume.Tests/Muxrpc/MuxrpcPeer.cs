using System.IO.Pipelines;
using System.Text;
using Flume.Api;
using Flume.Codec.Json;
using Flume.Host.Muxrpc.Calls;
using Flume.Host.Muxrpc.Packets;
using Xunit;

namespace Flume.Tests.Muxrpc;

/// <summary>The other end of a connection that is served here: sends packets byte by byte as a test wants them.</summary>
internal sealed class MuxrpcPeer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Pipe toServer = new();
    private readonly Pipe toPeer;
    private readonly CancellationTokenSource stop = new();
    private readonly MuxrpcConnection connection;
    private readonly PacketReader reader;

    public MuxrpcPeer(IReadOnlyList<ApiMethod> methods, RpcLimits? limits = null, bool isOwner = true, PipeOptions? toPeer = null)
    {
        this.toPeer = new Pipe(toPeer ?? PipeOptions.Default);
        reader = new PacketReader(this.toPeer.Reader, 1 << 24);
        connection = new MuxrpcConnection(
            new Duplex(toServer.Reader, this.toPeer.Writer), new Caller(null!, isOwner), new MethodBook(new ApiTable(methods)),
            limits ?? new RpcLimits(1 << 20, 100, 100));
        Served = ServeAsync();
    }

    /// <summary>Completes when the connection has ended.</summary>
    public Task Served { get; }

    /// <summary>The connection's raw bytes, to be spoilt.</summary>
    public PipeWriter Bytes => toServer.Writer;

    /// <summary>Stops the service.</summary>
    public Task StopAsync() => stop.CancelAsync();

    /// <summary>Sends a call of an async method.</summary>
    public Task CallAsync(int request, string name, params string[] args) =>
        SendAsync(0x02, request, $"{{\"name\":{Name(name)},\"args\":[{string.Join(',', args)}]}}");

    /// <summary>Opens a stream.</summary>
    public Task OpenAsync(int request, string type, string name, params string[] args) =>
        SendAsync(0x0a, request, $"{{\"name\":{Name(name)},\"type\":\"{type}\",\"args\":[{string.Join(',', args)}]}}");

    /// <summary>Ends our side of a stream.</summary>
    public Task EndAsync(int request, string with = "true") => SendAsync(0x0e, request, with);

    public Task SendAsync(byte flags, int request, string body) => SendAsync(flags, request, Encoding.UTF8.GetBytes(body));

    public async Task SendAsync(byte flags, int request, byte[] body)
    {
        byte[] header = new byte[PacketHeader.Size];
        new PacketHeader(false, false, 0, (uint)body.Length, request).Write(header);
        header[0] = flags;
        await toServer.Writer.WriteAsync(header);
        if (body.Length > 0) await toServer.Writer.WriteAsync(body);
    }

    /// <summary>The next packet, as text: flags in hexadecimal, request, body.</summary>
    public async Task<string> NextAsync()
    {
        Packet packet = await reader.ReadAsync(default).AsTask().WaitAsync(Patience);
        if (packet.Header.IsGoodbye) return "goodbye";
        byte[] flags = new byte[PacketHeader.Size];
        packet.Header.Write(flags);
        string body = packet.Header.Kind == BodyKind.Bytes ? Convert.ToHexStringLower(packet.Body.Span) : Encoding.UTF8.GetString(packet.Body.Span);
        return $"{flags[0]:x2} {packet.Header.Request} {body}";
    }

    /// <summary>The message of the error that the next packet must be.</summary>
    public async Task<string> NextErrorAsync(int request, bool isStream)
    {
        string packet = await NextAsync();
        string start = $"{(isStream ? "0e" : "06")} {-request} ";
        Assert.True(packet.StartsWith(start, StringComparison.Ordinal), packet);
        JsValue error = JsValue.Parse(packet[start.Length..]);
        Assert.Equal(["message", "name", "stack"], error.AsObject.Select(member => member.Key));
        return error["message"].AsString;
    }

    /// <summary>Waits for the connection to end by itself.</summary>
    public Task EndedAsync() => Served.WaitAsync(Patience);

    public async ValueTask DisposeAsync()
    {
        await toServer.Writer.CompleteAsync();
        await stop.CancelAsync();
        await toPeer.Reader.CompleteAsync();
        await EndedAsync();
    }

    private async Task ServeAsync()
    {
        await connection.RunAsync(stop.Token);
        await toPeer.Writer.CompleteAsync();
        connection.Dispose();
    }

    private static string Name(string name) => JsValue.From(new JsArray(name.Split('.').Select(part => JsValue.From(part)))).ToJson();
}

/// <summary>Two halves as one connection.</summary>
internal sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe
{
    /// <summary>Two connections, each the other's end.</summary>
    public static (Duplex Left, Duplex Right) Pair(PipeOptions? options = null)
    {
        Pipe toRight = new(options ?? PipeOptions.Default), toLeft = new(options ?? PipeOptions.Default);
        return (new Duplex(toLeft.Reader, toRight.Writer), new Duplex(toRight.Reader, toLeft.Writer));
    }
}
