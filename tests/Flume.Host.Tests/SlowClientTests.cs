using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Text;
using Flume.Host.Http;
using Flume.Muxrpc.Transports;
using Flume.TestKit;
using Xunit;

namespace Flume.Host.Tests;

/// <summary>Clients that send a part of a request and then stay silent, or send what is no HTTP.</summary>
public sealed class SlowClientTests
{
    private static readonly HttpLimits Impatient = ServedSite.Limits with
    {
        BodyRateMin = 1000,
        BodyGrace = TimeSpan.FromSeconds(2),
    };

    [Theory]
    [InlineData("Content-Length: 1000\r\n\r\n{\"a\":1}\n")]
    [InlineData("Content-Length: 1000\r\nContent-Type: application/json\r\n\r\n{\"a\":")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n8\r\n{\"a\":1}\n\r\n")]
    public async Task A_half_sent_body_loses_its_place(string rest)
    {
        await using ServedSite site = await ServedSite.StartAsync(Impatient);
        string answer = await SendAsync(site, $"POST /v1/alice/log HTTP/1.1\r\nHost: localhost\r\n{rest}");
        Assert.StartsWith("HTTP/1.1 408", answer);
        Assert.Contains("/problems/slow-body", answer);
    }

    [Theory]
    [InlineData("zz\r\n{}\r\n0\r\n\r\n")]
    [InlineData("4\r\n{}\n\nXX0\r\n\r\n")]
    [InlineData("ffffffffffffffffff\r\n{}")]
    public async Task Bad_chunks_are_the_clients_mistake(string chunks)
    {
        await using ServedSite site = await ServedSite.StartAsync();
        foreach (string path in new[] { "log", "rpc" })
        {
            string answer = await SendAsync(
                site, $"POST /v1/alice/{path} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}");
            Assert.StartsWith("HTTP/1.1 400", answer);
            Assert.DoesNotContain("unexpected", answer);
        }
    }

    [Fact]
    public void Owners_keep_a_quarter_of_the_places()
    {
        ConcurrencyLimiter places = new(8);
        List<IDisposable?> strangers = [.. Enumerable.Range(0, 8).Select(_ => places.TryTake(isOwner: false))];
        Assert.Equal(6, strangers.Count(place => place is not null));
        Assert.NotNull(places.TryTake(isOwner: true));
        Assert.NotNull(places.TryTake(isOwner: true));
        Assert.Null(places.TryTake(isOwner: true));
        strangers[0]!.Dispose();
        Assert.Null(places.TryTake(isOwner: false));
        Assert.NotNull(places.TryTake(isOwner: true));
    }

    [Fact]
    public void One_address_gets_few_places_and_a_network_of_IPv6_is_one_address()
    {
        AddressCounts counts = new(max: 5, perAddressMax: 2);
        IPAddress one = IPAddress.Parse("192.0.2.1"), mapped = IPAddress.Parse("::ffff:192.0.2.1");
        Assert.True(counts.TryEnter(one));
        Assert.True(counts.TryEnter(mapped));
        Assert.False(counts.TryEnter(one));
        Assert.True(counts.TryEnter(IPAddress.Parse("2001:db8::1")));
        Assert.True(counts.TryEnter(IPAddress.Parse("2001:db8::2")));
        Assert.False(counts.TryEnter(IPAddress.Parse("2001:db8::3")));
        Assert.True(counts.TryEnter(IPAddress.Parse("2001:db8:0:1::1")));
        Assert.False(counts.TryEnter(IPAddress.Parse("192.0.2.2")));
        counts.Leave(mapped);
        Assert.True(counts.TryEnter(one));
    }

    [Fact]
    public async Task A_machine_that_vanished_is_noticed_within_about_a_minute()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        using TcpClient client = new();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        using Socket served = await listener.AcceptSocketAsync();
        HalfOpenPeers.Detect(served);
        int idle = Option(served, SocketOptionName.TcpKeepAliveTime), every = Option(served, SocketOptionName.TcpKeepAliveInterval);
        int probes = Option(served, SocketOptionName.TcpKeepAliveRetryCount);
        Assert.True((int)served.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive)! != 0);
        Assert.InRange(idle + (every * probes), 20, 90);
    }

    private static int Option(Socket socket, SocketOptionName name) =>
        (int)socket.GetSocketOption(SocketOptionLevel.Tcp, name)!;

    private static async Task<string> SendAsync(ServedSite site, string request)
    {
        using TcpClient client = new();
        Uri address = site.Client.BaseAddress!;
        await client.ConnectAsync(address.Host, address.Port);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        byte[] answer = new byte[4096];
        int read = await stream.ReadAtLeastAsync(answer, 200, throwOnEndOfStream: false)
            .AsTask().WaitAsync(TimeSpan.FromSeconds(30));
        return Encoding.UTF8.GetString(answer, 0, read);
    }
}
