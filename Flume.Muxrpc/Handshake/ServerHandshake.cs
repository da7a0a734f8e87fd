using System.IO.Pipelines;
using Flume.Ssb.Crypto;
using Flume.Ssb.Messages;

namespace Flume.Muxrpc.Handshake;

/// <summary>The server's side of a secret handshake, for several identities at one address.</summary>
/// <remarks>
/// 1. The handshake does not reveal which identities exist. The first answer is the same for all. The client
///    encrypts the second message for the identity that it already has, so the server tries each key.
/// 2. Every failure ends without an answer, so a client cannot distinguish the causes.
/// </remarks>
/// <param name="network">The network's key.</param>
/// <param name="identities">The keys that a client may request.</param>
/// <param name="admit">
/// Decides whether to admit a client that proved its key: the identity, and the client's public key.
/// </param>
internal sealed class ServerHandshake(
    NetworkKey network, IReadOnlyList<FeedKeys> identities, Func<FeedKeys, ReadOnlyMemory<byte>, bool> admit)
{
    private const int HelloBytes = Sodium.SignatureBytes + Sodium.PublicKeyBytes;

    /// <summary>
    /// Runs the handshake. Null if it failed. The caller then closes the connection without an answer.
    /// </summary>
    /// <exception cref="OperationCanceledException">The time limit was reached, or the service stops.</exception>
    public async ValueTask<HandshakeResult?> RunAsync(IDuplexPipe pipe, CancellationToken cancel)
    {
        using Exchange exchange = new(network);
        byte[]? message =
            await HandshakePipe.ReadAsync(pipe.Input, Exchange.ChallengeBytes, cancel).ConfigureAwait(false);
        if (message is null || !exchange.TakeChallenge(message)) return null;
        byte[] challenge = new byte[Exchange.ChallengeBytes];
        exchange.WriteChallenge(challenge);
        await pipe.Output.WriteAsync(challenge, cancel).ConfigureAwait(false);

        message = await HandshakePipe.ReadAsync(pipe.Input, Exchange.AuthenticationBytes, cancel).ConfigureAwait(false);
        if (message is null || Answer(exchange, message, out byte[] acceptance) is not { } result) return null;
        if (!admit(result.Identity, result.Keys.Peer)) return null;
        await pipe.Output.WriteAsync(acceptance, cancel).ConfigureAwait(false);
        return result;
    }

    private HandshakeResult? Answer(Exchange exchange, ReadOnlySpan<byte> message, out byte[] acceptance)
    {
        acceptance = new byte[Exchange.AcceptanceBytes];
        Span<byte> secrets = stackalloc byte[4 * Sodium.KeyBytes], hello = stackalloc byte[HelloBytes];
        Span<byte> toServer = secrets[..32], toClient = secrets[32..64];
        Span<byte> firstKey = secrets[64..96], secondKey = secrets[96..];
        try
        {
            FeedKeys? identity = Open(exchange, message, hello, toServer, firstKey);
            if (identity is null) return null;
            ReadOnlySpan<byte> client = hello[Sodium.SignatureBytes..];
            byte[] claim = exchange.Statement(identity.PublicKey.Span);
            if (!Sodium.Verify(hello[..Sodium.SignatureBytes], claim, client)) return null;
            if (!exchange.TryShareEphemeral(client, toClient)) return null;
            exchange.Key(toServer, toClient, secondKey);
            Span<byte> signature = stackalloc byte[Sodium.SignatureBytes];
            identity.Sign(exchange.Statement(hello), signature);
            Exchange.Box(signature, secondKey, acceptance);
            return new HandshakeResult(identity, new SessionKeys(
                secondKey, new(identity.PublicKey.Span, exchange.OwnTag), new(client, exchange.PeerTag)));
        }
        finally
        {
            Sodium.Wipe(secrets);
        }
    }

    /// <summary>Finds the identity whose key decrypts the client's message.</summary>
    private FeedKeys? Open(
        Exchange exchange, ReadOnlySpan<byte> message, Span<byte> hello, Span<byte> secret, Span<byte> key)
    {
        foreach (FeedKeys identity in identities)
        {
            if (!exchange.TryShareLongTerm(identity.CurveSecretKey, secret)) continue;
            exchange.Key(secret, default, key);
            if (Exchange.Unbox(message, key, hello)) return identity;
        }

        return null;
    }
}

/// <summary>The result of a server's handshake.</summary>
/// <param name="Identity">The identity that the client requested.</param>
/// <param name="Keys">The session keys and the client's public key.</param>
internal sealed record HandshakeResult(FeedKeys Identity, SessionKeys Keys);
