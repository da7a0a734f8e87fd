using System.IO.Pipelines;
using Flume.Ssb.Crypto;
using Flume.Ssb.Messages;

namespace Flume.Host.Muxrpc.Handshake;

/// <summary>The server's side of a secret handshake, for several identities behind one address.</summary>
/// <remarks>
/// 1. Nothing tells a peer which identities are here: the first answer is the same for all, and the second message can
/// be opened only with the key of the identity that the client already knows, so each key is tried on it.
/// 2. Any failure ends in silence: there is no answer by which to tell one from another.
/// </remarks>
/// <param name="network">The network's key.</param>
/// <param name="identities">The keys that a client may ask for.</param>
/// <param name="admit">
/// Whether a client that proved its key may come in: the identity, and the client's public key.
/// </param>
internal sealed class ServerHandshake(
    NetworkKey network, IReadOnlyList<FeedKeys> identities, Func<FeedKeys, ReadOnlyMemory<byte>, bool> admit)
{
    private const int HelloBytes = Sodium.SignatureBytes + Sodium.PublicKeyBytes;

    /// <summary>
    /// Runs the handshake; null when it failed, and then the connection must be closed without a word.
    /// </summary>
    /// <exception cref="OperationCanceledException">It took too long, or the service stops.</exception>
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

    /// <summary>Finds the identity whose key opens the client's message.</summary>
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

/// <summary>What a finished handshake gives a server.</summary>
/// <param name="Identity">The identity that the client asked for.</param>
/// <param name="Keys">The session's keys, and the client's public key.</param>
internal sealed record HandshakeResult(FeedKeys Identity, SessionKeys Keys);
