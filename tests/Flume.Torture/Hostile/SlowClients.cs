using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Flume.Torture.Hostile;

/// <summary>More half-sent requests than the server has places for; the good client must be served all along.</summary>
/// <remarks>
/// They come from another address than the good client, as attackers do: a server may limit each address.
/// </remarks>
internal sealed class SlowClients(Attempt attempt, FlumeServer server)
{
    private const int Clients = 1100;
    private static readonly IPAddress From =
        OperatingSystem.IsLinux() ? IPAddress.Parse("127.0.0.2") : IPAddress.Loopback;
    private static readonly TimeSpan Held = TimeSpan.FromSeconds(8);

    public async Task HoldAsync()
    {
        bool sendsBody = attempt.Random.Next(2) == 0;
        byte[] head = Encoding.Latin1.GetBytes(sendsBody
            ? "POST /v1/me/log HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n{"
            : "GET /v1/me/log HTTP/1.1\r\nHost: localhost\r\nX: ");
        List<Socket> held = [];
        try
        {
            for (int i = 0; i < Clients; i++) held.Add(await OpenAsync(head));
            await Task.Delay(Held);
            attempt.Run.Note("slow connections", held.Count);
        }
        finally
        {
            held.ForEach(socket => socket.Dispose());
        }
    }

    private async Task<Socket> OpenAsync(byte[] head)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(From, 0));
            await socket.ConnectAsync(server.EndPoint);
            await socket.SendAsync(head);
        }
        catch (SocketException)
        {
            // Refused: a place is kept for others.
        }

        return socket;
    }
}
