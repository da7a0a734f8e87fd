using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Flume.Muxrpc.Transports;

/// <summary>Counts connections by address, within a limit for all and one for each.</summary>
/// <remarks>Thread-safe. An IPv6 network of 64 bits counts as one address: one machine has all of it.</remarks>
internal sealed class AddressCounts(int max, int perAddressMax)
{
    private readonly Dictionary<UInt128, int> _counts = [];
    private int _all;

    /// <summary>The address that a connection counts for; null for a caller on this machine.</summary>
    /// <remarks>
    /// A caller on this machine connects from the address that it connects to, which is a loopback address.
    /// </remarks>
    public static IPAddress? Remote(ConnectionContext connection)
    {
        if (connection.RemoteEndPoint is not IPEndPoint { Address: { } from }) return null;
        bool isHere = IPAddress.IsLoopback(from) && from.Equals((connection.LocalEndPoint as IPEndPoint)?.Address);
        return isHere ? null : from;
    }

    /// <summary>Takes a place; false if there is none for this address.</summary>
    public bool TryEnter(IPAddress address)
    {
        UInt128 key = KeyOf(address);
        lock (_counts)
        {
            int count = _counts.GetValueOrDefault(key);
            if (_all >= max || count >= perAddressMax) return false;
            _all++;
            _counts[key] = count + 1;
            return true;
        }
    }

    /// <summary>Gives the place back.</summary>
    public void Leave(IPAddress address)
    {
        UInt128 key = KeyOf(address);
        lock (_counts)
        {
            _all--;
            int left = _counts[key] - 1;
            if (left == 0) _counts.Remove(key);
            else _counts[key] = left;
        }
    }

    private static UInt128 KeyOf(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.MapToIPv6().TryWriteBytes(bytes, out _);
        UInt128 whole = System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes);
        return address.IsIPv4MappedToIPv6 || address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork
            ? whole
            : whole >> 64 << 64;
    }
}
