using System.Globalization;
using Flume.Muxrpc.Transports;
using Flume.Ssb.Messages;

namespace Flume.Replication.Invites;

/// <summary>The text of an invite: where the pub is, its key, and the seed of the guest's key.</summary>
/// <param name="Host">The host of the pub.</param>
/// <param name="Port">Its port.</param>
/// <param name="Pub">Its public key.</param>
/// <param name="Seed">The seed of the guest's key.</param>
internal sealed record InviteCode(string Host, int Port, ReadOnlyMemory<byte> Pub, ReadOnlyMemory<byte> Seed)
{
    /// <summary>The feed id of the pub.</summary>
    public string PubId => Ref.Feed(Pub.Span);

    /// <summary>The address to dial with the guest's key.</summary>
    public MultiserverAddress Address =>
        new("net", string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}"), Pub, true, Seed);

    /// <summary>The address to remember, without the seed.</summary>
    public MultiserverAddress OwnAddress => Address with { Seed = null };

    /// <summary>
    /// Reads <c>host:port:@key.ed25519~seed</c> or <c>net:host:port~shs:key:seed</c>, in quotes or not; null for other
    /// texts.
    /// </summary>
    public static InviteCode? Parse(string text)
    {
        text = text.Trim().Trim('"', '\'').Split('#')[0];
        MultiserverAddress? address = MultiserverAddress.ParseAll(text)
            .FirstOrDefault(static one => one is { Transport: "net", Seed: not null, Key: not null });
        if (address is not null)
        {
            (string host, int port) = address.HostAndPort();
            return new InviteCode(host, port, address.Key!.Value, address.Seed!.Value);
        }

        int tilde = text.LastIndexOf('~'), at = text.IndexOf(":@", StringComparison.Ordinal);
        if (at < 0 || tilde < at || !Ref.IsFeed(text[(at + 1)..tilde])) return null;
        string key = Convert.ToBase64String(KeyOf(text[(at + 1)..tilde]));
        return MultiserverAddress.ParseAll($"net:{text[..at]}~shs:{key}:{text[(tilde + 1)..]}") is [{ } legacy]
            ? new InviteCode(
                legacy.HostAndPort().Host, legacy.HostAndPort().Port, legacy.Key!.Value, legacy.Seed!.Value)
            : null;
    }

    /// <summary>The legacy form, which every program takes.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Host}:{Port}:{PubId}~{Convert.ToBase64String(Seed.Span)}");

    private static byte[] KeyOf(string feed)
    {
        byte[] key = new byte[32];
        return Ref.TryGetBytes(feed, key) ? key : [];
    }
}
