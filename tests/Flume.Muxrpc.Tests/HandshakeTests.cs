using System.IO.Pipelines;
using Flume.Muxrpc.Handshake;
using Flume.Ssb.Crypto;
using Flume.Ssb.Messages;
using Flume.TestKit;
using Xunit;

namespace Flume.Muxrpc.Tests;

/// <summary>The secret handshake between Flume's two sides (docs/spec 6.3); the peer tests use npm's sides.</summary>
public sealed class HandshakeTests
{
    private static readonly FeedKeys Alice = Keys(1), Bob = Keys(2), Carol = Keys(3);
    private static readonly NetworkKey Network = Key(7), OtherNetwork = Key(8);

    [Fact]
    public async Task Both_sides_get_each_others_key_and_keys_that_fit()
    {
        (HandshakeResult? server, SessionKeys? client) = await RunAsync([Bob], Alice, Bob);
        Assert.Equal(Alice.PublicKey.ToArray(), server!.Keys.Peer);
        Assert.Equal(Bob.PublicKey.ToArray(), client!.Peer);
        Assert.Equal(server.Keys.EncryptKey, client.DecryptKey);
        Assert.Equal(server.Keys.DecryptKey, client.EncryptKey);
        Assert.Equal(server.Keys.EncryptNonce, client.DecryptNonce);
        Assert.Equal(server.Keys.DecryptNonce, client.EncryptNonce);
        Assert.NotEqual(server.Keys.EncryptKey, server.Keys.DecryptKey);
    }

    [Fact]
    public async Task The_key_that_the_client_asks_for_picks_the_identity()
    {
        foreach (FeedKeys asked in new[] { Bob, Carol })
        {
            (HandshakeResult? server, SessionKeys? client) = await RunAsync([Bob, Carol], Alice, asked);
            Assert.Same(asked, server!.Identity);
            Assert.NotNull(client);
        }
    }

    [Fact]
    public async Task An_identity_may_connect_to_itself() => Assert.NotNull((await RunAsync([Bob], Bob, Bob)).Client);

    [Fact]
    public async Task An_identity_that_is_not_here_is_not_found()
    {
        (HandshakeResult? server, SessionKeys? client) = await RunAsync([Bob], Alice, Carol);
        Assert.Null(server);
        Assert.Null(client);
    }

    [Fact]
    public async Task A_client_of_another_network_gets_no_byte()
    {
        (HandshakeResult? server, SessionKeys? client) = await RunAsync([Bob], Alice, Bob, clientNetwork: OtherNetwork);
        Assert.Null(server);
        Assert.Null(client);
    }

    [Fact]
    public async Task A_client_that_is_not_let_in_can_not_tell_that_from_any_other_failure()
    {
        (HandshakeResult? server, SessionKeys? client) =
            await RunAsync([Bob], Alice, Bob, admit: static (_, _) => false);
        Assert.Null(server);
        Assert.Null(client);
    }

    [Fact]
    public async Task Every_bit_of_every_message_matters()
    {
        int[] sizes =
            [Exchange.ChallengeBytes, Exchange.ChallengeBytes, Exchange.AuthenticationBytes, Exchange.AcceptanceBytes];
        for (int message = 0; message < sizes.Length; message++)
        {
            for (int at = 0; at < sizes[message]; at++)
            {
                bool fromClient = message is 0 or 2;
                int position = message >= 2 ? Exchange.ChallengeBytes + at : at;
                (_, SessionKeys? client) = await RunAsync([Bob], Alice, Bob, spoil: (fromClient, position));
                Assert.True(client is null, $"byte {at} of message {message + 1}");
            }
        }
    }

    [Fact]
    public async Task Keys_that_make_every_secret_the_same_are_refused()
    {
        byte[] zeros = new byte[Sodium.PublicKeyBytes];
        byte[] challenge = new byte[Exchange.ChallengeBytes];
        Sodium.Authenticate(zeros, Network.Bytes, challenge.AsSpan(0, Sodium.AuthTagBytes));
        using Exchange exchange = new(Network);
        Assert.False(exchange.TakeChallenge(challenge));
        (Duplex left, Duplex right) = Duplex.Pair();
        await left.Output.WriteAsync(challenge);
        Assert.Null(await new ServerHandshake(Network, [Bob], static (_, _) => true).RunAsync(right, default));
    }

    private static async Task<(HandshakeResult? Server, SessionKeys? Client)> RunAsync(
        FeedKeys[] identities, FeedKeys from, FeedKeys to, NetworkKey? clientNetwork = null,
        Func<FeedKeys, ReadOnlyMemory<byte>, bool>? admit = null, (bool FromClient, int At)? spoil = null)
    {
        (Duplex left, Duplex right) = Duplex.Pair();
        (Duplex spoiltLeft, Duplex spoiltRight) = Duplex.Pair();
        Task relays = Task.WhenAll(
            RelayAsync(left.Input, spoiltLeft.Output, spoil is { FromClient: true } a ? a.At : -1),
            RelayAsync(spoiltLeft.Input, left.Output, spoil is { FromClient: false } b ? b.At : -1));
        Task<HandshakeResult?> server = Close(
            new ServerHandshake(Network, identities, admit ?? (static (_, _) => true)).RunAsync(spoiltRight, default),
            spoiltRight);
        Task<SessionKeys?> client =
            Close(new ClientHandshake(clientNetwork ?? Network, from, to.PublicKey).RunAsync(right, default), right);
        await relays;
        return (await server, await client);
    }

    private static async Task<T> Close<T>(ValueTask<T> handshake, Duplex end)
    {
        T result = await handshake;
        await end.Output.CompleteAsync();
        await end.Input.CompleteAsync();
        return result;
    }

    private static async Task RelayAsync(PipeReader from, PipeWriter to, int spoilAt)
    {
        int position = 0;
        while (true)
        {
            ReadResult read = await from.ReadAsync();
            foreach (ReadOnlyMemory<byte> piece in read.Buffer)
            {
                byte[] copy = piece.ToArray();
                if (spoilAt >= position && spoilAt < position + copy.Length) copy[spoilAt - position] ^= 1;
                position += copy.Length;
                await to.WriteAsync(copy);
            }

            from.AdvanceTo(read.Buffer.End);
            if (!read.IsCompleted) continue;
            await to.CompleteAsync();
            await from.CompleteAsync();
            return;
        }
    }

    private static FeedKeys Keys(byte seed) => FeedKeys.FromSeed(Enumerable.Repeat(seed, Sodium.KeyBytes).ToArray());

    private static NetworkKey Key(byte fill)
    {
        Assert.True(
            NetworkKey.TryParse(Convert.ToBase64String(Enumerable.Repeat(fill, 32).ToArray()), out NetworkKey key));
        return key;
    }
}
