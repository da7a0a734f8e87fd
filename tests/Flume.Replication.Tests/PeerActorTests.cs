using System.Net;
using System.Net.Sockets;
using Flume.Ssb.Api;

namespace Flume.Replication.Tests;

/// <summary>One dialled address: the outcome of the first dial, and the dials after a failure.</summary>
public sealed class PeerActorTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public PeerActorTests() => _listener.Start();

    /// <summary>The address of a peer that accepts connections and proves no key.</summary>
    private string Address => $"net:{_listener.LocalEndpoint}~shs:{Convert.ToBase64String(new byte[32])}";

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task A_dial_that_is_refused_is_reported_with_the_address()
    {
        await using FlumePeer own = await FlumePeer.StartAsync();
        string address = Address, place = $"{_listener.LocalEndpoint}";
        _listener.Stop();
        ApiException error = await Assert.ThrowsAsync<ApiException>(() => own.ConnectAsync(address));
        Assert.Contains("ConnectionRefused", error.Message, StringComparison.Ordinal);
        Assert.Contains(place, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_whose_handshake_fails_is_dialled_again_without_a_request()
    {
        await using FlumePeer own = await FlumePeer.StartAsync("flume.replication.retry-ms = 5");
        Task connecting = own.ConnectAsync(Address);
        for (int dial = 0; dial < 3; dial++)
        {
            using CancellationTokenSource patience = new(Patience);
            (await _listener.AcceptSocketAsync(patience.Token)).Dispose();
            if (dial == 0) await Assert.ThrowsAsync<ApiException>(() => connecting);
        }
    }

    [Fact]
    public async Task A_peer_that_is_blocked_is_not_dialled_and_each_caller_gets_the_reason()
    {
        await using FlumePeer own = await FlumePeer.StartAsync(), other = await FlumePeer.StartAsync();
        await own.BlockAsync(other.Id);
        using CancellationTokenSource patience = new(Patience);
        while (!own.Hosted.Replication.Blocks(other.Id)) await Task.Delay(10, patience.Token);
        for (int call = 0; call < 2; call++)
        {
            ApiException error = await Assert.ThrowsAsync<ApiException>(
                () => own.ConnectAsync(other.Address).WaitAsync(Patience));
            Assert.Contains("client is blocked", error.Message, StringComparison.Ordinal);
        }
    }
}
