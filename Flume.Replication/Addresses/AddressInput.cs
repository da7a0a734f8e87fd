using System.Globalization;
using Flume.Muxrpc.Transports;
using Flume.Query.Json;
using Flume.Ssb.Messages;

namespace Flume.Replication.Addresses;

/// <summary>Reads the forms in which programs and messages write the address of a peer.</summary>
internal static class AddressInput
{
    private const int DefaultPort = 8008;

    /// <summary>
    /// Reads a multiserver address, <c>host:port:@key</c>, <c>{host, port, key}</c> or <c>{address}</c>; null for
    /// others.
    /// </summary>
    public static MultiserverAddress? Parse(JsValue given)
    {
        if (given.IsString) return Parse(given.AsString);
        if (!given.IsObject) return null;
        if (given["host"].IsString && given["key"].IsString)
        {
            bool hasPort = given["port"] is { IsNumber: true, AsNumber: > 0 and <= 65_535 };
            int port = hasPort ? (int)given["port"].AsNumber : DefaultPort;
            return Of(given["host"].AsString, port, given["key"].AsString);
        }

        return given["address"].IsString ? Parse(given["address"].AsString) : null;
    }

    private static MultiserverAddress? Parse(string text)
    {
        MultiserverAddress? address =
            MultiserverAddress.ParseAll(text).FirstOrDefault(static one => one.Key is not null);
        if (address is not null) return address;
        int key = text.LastIndexOf(":@", StringComparison.Ordinal);
        if (key < 0) return null;
        string place = text[..key];
        int colon = place.LastIndexOf(':');
        string digits = colon < 0 ? "" : place[(colon + 1)..];
        if (digits.Length == 0 || digits.AsSpan().ContainsAnyExceptInRange('0', '9'))
            return Of(place, DefaultPort, text[(key + 1)..]);
        return ushort.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port)
            ? Of(place[..colon], port, text[(key + 1)..])
            : null;
    }

    private static MultiserverAddress? Of(string host, int port, string feed)
    {
        byte[] key = new byte[32];
        if (!Ref.IsFeed(feed) || !Ref.TryGetBytes(feed, key)) return null;
        string proof = Convert.ToBase64String(key);
        string text = string.Create(CultureInfo.InvariantCulture, $"net:{host}:{port}~shs:{proof}");
        return MultiserverAddress.ParseAll(text) is [{ } parsed, ..] ? parsed : null;
    }
}
