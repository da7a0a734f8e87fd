using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Text.Json;
using Flume.Query.Json;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;
using Flume.TestKit;
using Xunit;

namespace Flume.SystemTests.Muxrpc;

/// <summary>The program itself: who is reached where, from its start to its end.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class ServeMuxrpcTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Identities_answer_from_their_making_to_the_stop_on_sockets_and_at_one_address()
    {
        await using FlumeProcess flume = Serve();
        (HttpClient http, IPEndPoint? address) = await StartedAsync(flume);
        using HttpClient _ = http;
        await http.PostAsync("/v1/identities/bob", null);
        await http.GetAsync("/health/ready");
        List<PacketPeer> peers = [];
        foreach (string name in (string[])["sample", "bob"])
        {
            FeedKeys keys = SecretFile.Read(_folder["identities", name, "secret"]);
            peers.Add(await PacketPeer.ConnectAsync(Socket(name)));
            peers.Add((await PacketPeer.ConnectAsync(address!, Network, keys, keys))!);
            foreach (PacketPeer peer in peers[^2..]) Assert.Equal(keys.Id, await WhoAmIAsync(peer));
            Assert.Equal(
                [$"unix:{Socket(name)}~noauth:{Base64(keys)}", $"net:{address}~shs:{Base64(keys)}"],
                await AddressesAsync(http, name));
            JsValue manifest = JsValue.Parse(File.ReadAllText(_folder["identities", name, "manifest.json"]));
            foreach (ApiMethod method in BuiltInApi.Table.Methods)
            {
                JsValue kind = method.Path.Aggregate(manifest, (at, part) => at[part]);
                Assert.True(kind.IsString, $"The manifest lacks {method.Name}.");
            }
        }

        flume.Terminate();

        foreach (PacketPeer peer in peers) Assert.Equal("goodbye", await peer.NextAsync());
        Assert.Equal(0, await flume.EndAsync());
        Assert.False(File.Exists(_folder["identities", "sample", "socket"]));
    }

    [Fact]
    public async Task A_killed_server_leaves_its_socket_and_the_next_one_takes_its_place()
    {
        await using (FlumeProcess first = Serve())
        {
            await ReadyAsync(first);
            first.Crash();
            await first.EndAsync();
        }

        Assert.True(File.Exists(_folder["identities", "sample", "socket"]));
        await using FlumeProcess second = Serve();
        await ReadyAsync(second);
        Assert.StartsWith("@", await WhoAmIAsync(await PacketPeer.ConnectAsync(Socket("sample"))));
    }

    [Fact]
    public async Task A_classic_directory_has_its_socket_and_manifest_where_javascript_has_them()
    {
        string samples = Path.Combine(AppContext.BaseDirectory, "samples");
        Directory.CreateDirectory(_folder["flume"]);
        File.Copy(Path.Combine(samples, "log.offset"), _folder["flume", "log.offset"]);
        File.Copy(Path.Combine(samples, "secret"), _folder["secret"]);
        await using FlumeProcess flume = FlumeProcess.Start(
            "serve", "--ssb", _folder.Path, "--http", "127.0.0.1:0", "--muxrpc", "off", "--json");
        await ReadyAsync(flume);

        PacketPeer peer = await PacketPeer.ConnectAsync(new UnixDomainSocketEndPoint(_folder["socket"]));

        Assert.Equal(SecretFile.Read(_folder["secret"]).Id, await WhoAmIAsync(peer));
        Assert.True(File.Exists(_folder["manifest.json"]));
    }

    [Fact]
    public async Task A_port_that_is_taken_costs_that_port_alone_and_is_told()
    {
        using Socket taken = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        taken.Listen();
        await using FlumeProcess flume = FlumeProcess.Start(
            "serve", "--data", _folder.Path, "--http", "127.0.0.1:0", "--muxrpc", taken.LocalEndPoint!.ToString()!);
        string? line = await flume.ReadLineAsync();
        Assert.DoesNotContain("shs", line!);
        using HttpClient http =
            new() { BaseAddress = new Uri(line!.Split(' ').First(word => word.StartsWith("http"))) };

        Assert.True((await http.GetAsync("/health/ready")).IsSuccessStatusCode);

        Assert.StartsWith("@", await WhoAmIAsync(await PacketPeer.ConnectAsync(Socket("sample"))));
        flume.Terminate();
        await flume.EndAsync();
        Assert.Contains($"can't listen on {taken.LocalEndPoint}", await flume.ErrorAsync());
    }

    [Fact]
    public async Task What_is_no_address_stops_the_start_with_the_settings_name()
    {
        (int exit, _, string error) = await FlumeProcess.RunAsync(
            "serve", "--data", _folder.Path, "--http", "127.0.0.1:0", "--muxrpc", "nowhere");
        Assert.Equal(2, exit);
        Assert.Contains("flume.muxrpc.address", error);
        Assert.Contains("nowhere", error);
    }

    private static Flume.Muxrpc.Handshake.NetworkKey Network => ServedEngine.Settings().Network;

    private FlumeProcess Serve() => FlumeProcess.Start(
        "serve", "--data", _folder.Path, "--http", "127.0.0.1:0", "--muxrpc", "127.0.0.1:0", "--json");

    private UnixDomainSocketEndPoint Socket(string name) => new(_folder["identities", name, "socket"]);

    private static string Base64(FeedKeys keys) => Convert.ToBase64String(keys.PublicKey.Span);

    private static async Task<string> WhoAmIAsync(PacketPeer peer)
    {
        await peer.CallAsync(1, "whoami");
        string answer = await peer.NextAsync();
        Assert.StartsWith("02 -1 ", answer, StringComparison.Ordinal);
        return JsonDocument.Parse(answer["02 -1 ".Length..]).RootElement.GetProperty("id").GetString()!;
    }

    private static async Task<string[]> AddressesAsync(HttpClient http, string name)
    {
        JsonElement identity = JsonDocument.Parse(await http.GetStringAsync($"/v1/identities/{name}")).RootElement;
        return [.. identity.GetProperty("addresses").EnumerateArray().Select(address => address.GetString()!)];
    }

    private static async Task ReadyAsync(FlumeProcess flume)
    {
        using HttpClient http = (await StartedAsync(flume)).Http;
        Assert.True((await http.GetAsync("/health/ready")).IsSuccessStatusCode);
    }

    private static async Task<(HttpClient Http, IPEndPoint? Muxrpc)> StartedAsync(FlumeProcess flume)
    {
        string? line = await flume.ReadLineAsync();
        if (line is null) Assert.Fail(await flume.ErrorAsync());
        JsonElement told = JsonDocument.Parse(line).RootElement;
        string? muxrpc = told.GetProperty("muxrpc").GetString();
        return (
            new HttpClient { BaseAddress = new Uri(told.GetProperty("address").GetString()!) },
            muxrpc is null ? null : IPEndPoint.Parse(muxrpc["net:".Length..^"~shs".Length]));
    }
}
