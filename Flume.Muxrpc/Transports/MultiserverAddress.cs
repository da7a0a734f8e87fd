using System.Globalization;
using System.Net;
using System.Text;
using Flume.Ssb.Crypto;

namespace Flume.Muxrpc.Transports;

/// <summary>One way to reach a peer: a transport, and the way in which the peer proves its key.</summary>
/// <param name="Transport">net or unix.</param>
/// <param name="Place">The host and port, or the path, as written in the address.</param>
/// <param name="Key">The peer's public key; null if the address has none.</param>
/// <param name="IsHandshake">True for <c>~shs</c>, false for <c>~noauth</c>.</param>
/// <param name="Seed">The key seed to use instead of the own key; null for none.</param>
internal sealed record MultiserverAddress(
    string Transport, string Place, ReadOnlyMemory<byte>? Key, bool IsHandshake, ReadOnlyMemory<byte>? Seed)
{
    /// <summary>
    /// Parses an address. Alternatives with other transports are omitted, so the list may be empty.
    /// </summary>
    public static IReadOnlyList<MultiserverAddress> ParseAll(string text)
    {
        List<MultiserverAddress> all = [];
        foreach (string alternative in Split(text, ';'))
        {
            if (Parse(alternative) is { } one) all.Add(one);
        }

        return all;
    }

    /// <summary>The start of a net address: npm multiserver takes the brackets of IPv6 as a part of the host.</summary>
    public static string Net(IPEndPoint place) =>
        string.Create(CultureInfo.InvariantCulture, $"net:{place.Address}:{place.Port}");

    /// <summary>The host and port of a net address. An empty host means this machine.</summary>
    public (string Host, int Port) HostAndPort()
    {
        int colon = Place.LastIndexOf(':');
        string host = Unescape(Place[..colon]).Trim('[', ']');
        return (host.Length == 0 ? "localhost" : host, int.Parse(Place[(colon + 1)..]));
    }

    /// <summary>The path of a unix address.</summary>
    public string Path() => Unescape(Place);

    /// <summary>The address in its canonical form.</summary>
    public override string ToString()
    {
        string proof = IsHandshake ? "shs" : "noauth";
        string key = Key is { } bytes ? $":{Convert.ToBase64String(bytes.Span)}" : "";
        return $"{Transport}:{Place}~{proof}{key}";
    }

    private static MultiserverAddress? Parse(string text)
    {
        List<string> parts = Split(text, '~');
        if (parts.Count != 2) return null;
        int colon = parts[0].IndexOf(':');
        if (colon < 0) return null;
        string transport = parts[0][..colon], place = parts[0][(colon + 1)..];
        if (transport is not ("net" or "unix") || place.Length == 0) return null;
        if (transport == "net" && !HasPort(place)) return null;
        return ParseProof(transport, place, parts[1].Split(':'));
    }

    private static MultiserverAddress? ParseProof(string transport, string place, string[] proof)
    {
        if (proof[0] == "noauth")
        {
            ReadOnlyMemory<byte>? optionalKey = proof.Length > 1 ? Bytes(proof[1]) : default(ReadOnlyMemory<byte>?);
            return new(transport, place, optionalKey, false, null);
        }

        if (proof[0] != "shs" || proof.Length < 2 || Bytes(proof[1]) is not { } key) return null;
        ReadOnlyMemory<byte>? seed = proof.Length > 2 ? Bytes(proof[2]) : default(ReadOnlyMemory<byte>?);
        return proof.Length > 2 && seed is null ? null : new(transport, place, key, true, seed);
    }

    private static bool HasPort(string place) =>
        place.LastIndexOf(':') is >= 0 and int colon
        && ushort.TryParse(place[(colon + 1)..], out ushort port)
        && port > 0;

    private static ReadOnlyMemory<byte>? Bytes(string base64)
    {
        byte[] bytes = new byte[Sodium.KeyBytes];
        return Convert.TryFromBase64String(base64, bytes, out int written) && written == bytes.Length
            ? bytes
            : default(ReadOnlyMemory<byte>?);
    }

    /// <summary>Splits at separators without a preceding <c>!</c>. The parts keep their escapes.</summary>
    private static List<string> Split(string text, char at)
    {
        List<string> parts = [];
        StringBuilder part = new();
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '!' && i + 1 < text.Length) part.Append(text[i++]).Append(text[i]);
            else if (text[i] != at) part.Append(text[i]);
            else
            {
                parts.Add(part.ToString());
                part.Clear();
            }
        }

        parts.Add(part.ToString());
        return parts;
    }

    private static string Unescape(string text)
    {
        StringBuilder plain = new();
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '!' && i + 1 < text.Length) i++;
            plain.Append(text[i]);
        }

        return plain.ToString();
    }
}
