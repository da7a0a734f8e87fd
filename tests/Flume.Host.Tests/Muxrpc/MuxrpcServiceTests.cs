using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Flume.Muxrpc.Handshake;
using Flume.Query.Json;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;
using Flume.TestKit;
using Xunit;

namespace Flume.Host.Tests.Muxrpc;

/// <summary>Tests over real sockets: admission, rights, and refused connections.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class MuxrpcServiceTests
{
    private static readonly NetworkKey Network = ServedEngine.Settings().Network;

    [Fact]
    public async Task The_unix_socket_is_the_owners_and_needs_no_handshake()
    {
        await using ServedEngine served = await ServedEngine.StartAsync();
        IIdentity alice = await served.CreateAsync("alice");
        PacketPeer peer = await PacketPeer.ConnectAsync(new UnixDomainSocketEndPoint(served.SocketPath("alice")));
        await peer.CallAsync(1, "whoami");
        Assert.Equal($$"""02 -1 {"id":"{{alice.Keys!.Id}}"}""", await peer.NextAsync());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(served.SocketPath("alice")));
        Assert.Empty(served.Notes);
    }

    [Fact]
    public async Task The_manifest_lies_beside_the_secret()
    {
        await using ServedEngine served = await ServedEngine.StartAsync();
        IIdentity alice = await served.CreateAsync("alice");
        string manifest = File.ReadAllText(Path.Combine(alice.Directory, "manifest.json"));
        Assert.True(File.Exists(Path.Combine(alice.Directory, "secret")));
        Assert.Equal(JsWriter.ToJson(BuiltInApi.Table.Manifest(), 2), manifest);
    }

    [Fact]
    public async Task One_address_serves_each_identity_to_whoever_knows_its_key()
    {
        await using ServedEngine served = await ServedEngine.StartAsync();
        foreach (string name in new[] { "alice", "bob" })
        {
            FeedKeys keys = (await served.CreateAsync(name)).Keys!;
            PacketPeer? peer = await PacketPeer.ConnectAsync(served.Address, Network, keys, keys);
            await peer!.CallAsync(1, "whoami");
            Assert.Equal($$"""02 -1 {"id":"{{keys.Id}}"}""", await peer.NextAsync());
        }
    }

    [Fact]
    public async Task A_stranger_gets_the_anonymous_methods_and_a_master_all()
    {
        FeedKeys stranger = FeedKeys.Generate(), master = FeedKeys.Generate();
        await using ServedEngine served = await ServedEngine.StartAsync($"flume.muxrpc.masters = [\"{master.Id}\"]");
        FeedKeys alice = (await served.CreateAsync("alice")).Keys!;
        PacketPeer? peer = await PacketPeer.ConnectAsync(served.Address, Network, stranger, alice);
        await peer!.CallAsync(1, "whoami");
        Assert.Equal("method:whoami is not in list of allowed methods", await peer.NextErrorAsync(1, isStream: false));
        await peer.CallAsync(2, "manifest");
        Assert.StartsWith("02 -2 {", await peer.NextAsync(), StringComparison.Ordinal);
        peer = await PacketPeer.ConnectAsync(served.Address, Network, master, alice);
        await peer!.CallAsync(1, "whoami");
        Assert.StartsWith("02 -1 {", await peer.NextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Strangers_have_few_places_and_can_not_take_the_owners()
    {
        await using ServedEngine served = await ServedEngine.StartAsync("flume.muxrpc.strangers-max = 1");
        FeedKeys alice = (await served.CreateAsync("alice")).Keys!;
        Assert.NotNull(await PacketPeer.ConnectAsync(served.Address, Network, FeedKeys.Generate(), alice));
        Assert.Null(await PacketPeer.ConnectAsync(served.Address, Network, FeedKeys.Generate(), alice));
        Assert.NotNull(await PacketPeer.ConnectAsync(served.Address, Network, alice, alice));
    }

    [Fact]
    public async Task A_wrong_handshake_is_closed_without_a_byte()
    {
        await using ServedEngine served = await ServedEngine.StartAsync();
        await served.CreateAsync("alice");
        Duplex connection = await PacketPeer.DialAsync(served.Address);
        await connection.Output.WriteAsync(new byte[Exchange.ChallengeBytes]);
        Assert.Equal(0, await ReadAllAsync(connection.Input));
    }

    [Fact]
    public async Task A_handshake_that_takes_too_long_is_closed()
    {
        await using ServedEngine served = await ServedEngine.StartAsync("flume.muxrpc.handshake-ms = 50");
        await served.CreateAsync("alice");
        Duplex connection = await PacketPeer.DialAsync(served.Address);
        await connection.Output.WriteAsync(new byte[10]);
        Assert.Equal(0, await ReadAllAsync(connection.Input));
    }

    [Fact]
    public async Task Connections_beyond_the_limit_are_closed_and_room_is_made_by_those_that_end()
    {
        await using ServedEngine served = await ServedEngine.StartAsync("flume.muxrpc.connections-max = 1");
        await served.CreateAsync("alice");
        UnixDomainSocketEndPoint socket = new(served.SocketPath("alice"));
        PacketPeer first = await PacketPeer.ConnectAsync(socket);
        await first.CallAsync(1, "version");
        await first.NextAsync();
        Assert.Equal(0, await ReadAllAsync((await PacketPeer.DialAsync(socket)).Input));
        await first.Bytes.WriteAsync(new byte[9]);
        Assert.Equal("goodbye", await first.NextAsync());
        await first.Bytes.CompleteAsync();
        await Until.TrueAsync(async () =>
        {
            PacketPeer next = await PacketPeer.ConnectAsync(socket);
            await next.CallAsync(1, "version");
            return await next.NextAsync() != "goodbye";
        });
    }

    [Fact]
    public async Task A_stop_says_goodbye_on_every_connection_and_takes_the_sockets_away()
    {
        ServedEngine served = await ServedEngine.StartAsync();
        FeedKeys alice = (await served.CreateAsync("alice")).Keys!;
        PacketPeer local = await PacketPeer.ConnectAsync(new UnixDomainSocketEndPoint(served.SocketPath("alice")));
        PacketPeer? remote = await PacketPeer.ConnectAsync(served.Address, Network, alice, alice);
        foreach (PacketPeer peer in new[] { local, remote! })
        {
            await peer.OpenAsync(1, "source", "createSequenceStream");
            Assert.Equal("0a -1 -1", await peer.NextAsync());
        }

        await served.Service.DisposeAsync();
        Assert.Equal("goodbye", await local.NextAsync());
        Assert.Equal("goodbye", await remote!.NextAsync());
        Assert.False(File.Exists(served.SocketPath("alice")));
        await served.DisposeAsync();
    }

    [Fact]
    public async Task An_address_that_is_taken_is_told_and_the_unix_sockets_serve()
    {
        using Socket taken = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        taken.Listen();
        await using ServedEngine served =
            await ServedEngine.StartAsync($"flume.muxrpc.address = \"{taken.LocalEndPoint}\"");
        Assert.Null(served.Service.Address);
        Assert.Contains("can't listen on", Assert.Single(served.Notes), StringComparison.Ordinal);
        await served.CreateAsync("alice");
        await PacketPeer.ConnectAsync(new UnixDomainSocketEndPoint(served.SocketPath("alice")));
    }

    [Theory]
    [InlineData("address = \"nowhere\"")]
    [InlineData("network-key = abc")]
    [InlineData("masters = [\"bob\"]")]
    [InlineData("strangers.streams-max = 0")]
    [InlineData("conections-max = 3")]
    public void A_wrong_setting_is_refused_with_its_name(string setting)
    {
        Flume.Actors.SettingsException error = Assert.Throws<Flume.Actors.SettingsException>(
            () => ServedEngine.Settings($"flume.muxrpc.{setting}"));
        Assert.Contains($"flume.muxrpc.{setting.Split(' ')[0]}", error.Message, StringComparison.Ordinal);
    }

    private static async Task<long> ReadAllAsync(PipeReader reader)
    {
        for (long all = 0; ;)
        {
            ReadResult read = await reader.ReadAsync().AsTask().WaitAsync(PacketPeer.Patience);
            all += read.Buffer.Length;
            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) return all;
        }
    }
}
