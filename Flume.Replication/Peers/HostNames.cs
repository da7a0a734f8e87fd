using System.Net;
using System.Net.Sockets;

namespace Flume.Replication.Peers;

/// <summary>Classifies the hosts of addresses.</summary>
internal static class HostNames
{
    /// <summary>True for this machine, private networks, and an address that no other machine can dial.</summary>
    public static bool IsPrivate(string host)
    {
        if (host.Length == 0 || host == "localhost") return true;
        if (!IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address)) return false;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (IPAddress.IsLoopback(address)) return true;
        if (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)) return true;
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
            return address.IsIPv6LinkLocal || address.IsIPv6UniqueLocal || address.IsIPv6SiteLocal;
        byte[] bytes = address.GetAddressBytes();
        return (bytes[0], bytes[1]) is (0 or 10, _) or (172, >= 16 and < 32) or (192, 168) or (169, 254)
            or (100, >= 64 and < 128);
    }
}
