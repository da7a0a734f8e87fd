using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Flume.Host.Serving;

/// <summary>The service can't listen on its HTTP address.</summary>
internal sealed class AddressRefusedException : IOException
{
    private AddressRefusedException(string message, Exception cause, bool isTaken) : base(message, cause) =>
        IsTaken = isTaken;

    /// <summary>True if another process listens there.</summary>
    public bool IsTaken { get; }

    /// <summary>The exception of a failed start; null if the failure has another cause than the address.</summary>
    public static AddressRefusedException? Of(IPEndPoint address, Exception error)
    {
        SocketError? code = null;
        for (Exception? at = error; at is not null; at = at.InnerException)
        {
            if (at is AddressInUseException) code = SocketError.AddressAlreadyInUse;
            else if (at is SocketException socket) code ??= socket.SocketErrorCode;
        }

        return code is { } known
            ? new($"can't listen on {address} for HTTP: {Reason(address, known, error)}", error,
                known == SocketError.AddressAlreadyInUse)
            : null;
    }

    private static string Reason(IPEndPoint address, SocketError code, Exception error) => code switch
    {
        SocketError.AddressAlreadyInUse =>
            $"another process listens there ('ss -ltnp sport = :{address.Port}' names it). Stop it, or choose another port " +
            "with --http IP:PORT or flume.http.address; port 0 is any free one.",
        SocketError.AddressNotAvailable =>
            "this machine has no such address. Choose 127.0.0.1:PORT, or an address that 'ip address' lists.",
        SocketError.AddressFamilyNotSupported => "this machine has no IPv6. Choose 127.0.0.1:PORT.",
        SocketError.AccessDenied => "the system does not allow it. Choose a port from 1024 on.",
        _ => $"{error.Message}. Choose another address with --http IP:PORT or flume.http.address.",
    };
}
