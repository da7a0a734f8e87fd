using System.IO.Pipelines;
using Flume.Ssb.Crypto;
using Flume.Ssb.Messages;

namespace Flume.Muxrpc.Handshake;

/// <summary>The client's side of a secret handshake. The client knows the server's public key in advance.</summary>
internal sealed class ClientHandshake(NetworkKey network, FeedKeys client, ReadOnlyMemory<byte> server)
{
    private const int HelloBytes = Sodium.SignatureBytes + Sodium.PublicKeyBytes;

    /// <summary>Runs the handshake. Null if the server did not prove its key or refused this client.</summary>
    /// <exception cref="OperationCanceledException">The time limit was reached.</exception>
    public async ValueTask<SessionKeys?> RunAsync(IDuplexPipe pipe, CancellationToken cancel)
    {
        using Exchange exchange = new(network);
        byte[] challenge = new byte[Exchange.ChallengeBytes];
        exchange.WriteChallenge(challenge);
        await pipe.Output.WriteAsync(challenge, cancel).ConfigureAwait(false);

        byte[]? message =
            await HandshakePipe.ReadAsync(pipe.Input, Exchange.ChallengeBytes, cancel).ConfigureAwait(false);
        byte[] toServer = new byte[Sodium.KeyBytes], hello = new byte[HelloBytes];
        if (message is null || !exchange.TakeChallenge(message)) return null;
        if (!exchange.TryShareEphemeral(server.Span, toServer)) return null;
        await pipe.Output.WriteAsync(Authenticate(exchange, toServer, hello), cancel).ConfigureAwait(false);

        message = await HandshakePipe.ReadAsync(pipe.Input, Exchange.AcceptanceBytes, cancel).ConfigureAwait(false);
        return message is null ? null : Accept(exchange, toServer, hello, message);
    }

    private byte[] Authenticate(Exchange exchange, ReadOnlySpan<byte> toServer, Span<byte> hello)
    {
        byte[] box = new byte[Exchange.AuthenticationBytes];
        Span<byte> key = stackalloc byte[Sodium.KeyBytes];
        client.Sign(exchange.Statement(server.Span), hello[..Sodium.SignatureBytes]);
        client.PublicKey.Span.CopyTo(hello[Sodium.SignatureBytes..]);
        exchange.Key(toServer, default, key);
        Exchange.Box(hello, key, box);
        Sodium.Wipe(key);
        return box;
    }

    private SessionKeys? Accept(
        Exchange exchange, ReadOnlySpan<byte> toServer, ReadOnlySpan<byte> hello, ReadOnlySpan<byte> message)
    {
        Span<byte> toClient = stackalloc byte[Sodium.KeyBytes], key = stackalloc byte[Sodium.KeyBytes];
        Span<byte> signature = stackalloc byte[Sodium.SignatureBytes];
        if (!exchange.TryShareLongTerm(client.CurveSecretKey, toClient)) return null;
        exchange.Key(toServer, toClient, key);
        bool isServer = Exchange.Unbox(message, key, signature)
            && Sodium.Verify(signature, exchange.Statement(hello), server.Span);
        return isServer
            ? new SessionKeys(key, new(client.PublicKey.Span, exchange.OwnTag), new(server.Span, exchange.PeerTag))
            : null;
    }
}
