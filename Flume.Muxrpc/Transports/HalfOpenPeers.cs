using System.Net.Sockets;

namespace Flume.Muxrpc.Transports;

/// <summary>Makes the system close a connection whose peer stopped responding without closing it.</summary>
internal static class HalfOpenPeers
{
    private const int IdleSeconds = 30, ProbeSeconds = 10, Probes = 3;

    /// <summary>
    /// Probes a quiet connection, and limits how long sent bytes may stay unacknowledged: a minute each.
    /// </summary>
    public static void Detect(Socket? socket)
    {
        if (socket is not { AddressFamily: AddressFamily.InterNetwork or AddressFamily.InterNetworkV6 }) return;
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, IdleSeconds);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, ProbeSeconds);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, Probes);
            if (OperatingSystem.IsLinux()) LimitUnacknowledged(socket);
        }
        catch (SocketException)
        {
            // The connection has ended already, or the system lacks an option: it is served all the same.
        }
    }

    private static void LimitUnacknowledged(Socket socket)
    {
        const int tcp = 6, userTimeout = 18;
        socket.SetRawSocketOption(
            tcp, userTimeout, BitConverter.GetBytes((IdleSeconds + (Probes * ProbeSeconds)) * 1000));
    }
}
