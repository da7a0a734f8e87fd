using System.Net;
using System.Net.Sockets;

namespace Flume.Replication.Peers;

/// <summary>Classifies the hosts of addresses.</summary>
internal static class HostNames
{
    /// <summary>True for this machine, for private networks, and for an address that no other machine can dial.</summary>
    public static bool IsPrivate(string host)
    {
        if (host.Length == 0 || host == "localhost") return true;
        if (!IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address)) return false;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (IPAddress.IsLoopback(address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)) return true;
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
            return address.IsIPv6LinkLocal || address.IsIPv6UniqueLocal || address.IsIPv6SiteLocal;
        byte[] bytes = address.GetAddressBytes();
        return bytes[0] is 10 or 0 || (bytes[0] == 172 && bytes[1] is >= 16 and < 32) || (bytes[0] == 192 && bytes[1] == 168)
            || (bytes[0] == 169 && bytes[1] == 254) || (bytes[0] == 100 && bytes[1] is >= 64 and < 128);
    }
}
