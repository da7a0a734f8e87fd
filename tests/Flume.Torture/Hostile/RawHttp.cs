using System.Net.Sockets;
using System.Text;

namespace Flume.Torture.Hostile;

/// <summary>Sends raw bytes over HTTP's port and judges the answer.</summary>
internal sealed class RawHttp(Attempt attempt, FlumeServer server)
{
    private const int AnswerBytesMax = 8 << 20;
    private static readonly TimeSpan Hangs = TimeSpan.FromSeconds(45);

    /// <summary>A request with its length and <c>Connection: close</c>.</summary>
    public static byte[] Request(string method, string path, byte[]? body = null, params string[] headers)
    {
        var head = new StringBuilder($"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
        foreach (string header in headers) head.Append(header).Append("\r\n");
        if (body is not null) head.Append($"Content-Length: {body.Length}\r\n");
        head.Append("\r\n");
        return [.. Encoding.Latin1.GetBytes(head.ToString()), .. body ?? []];
    }

    /// <summary>
    /// Sends, half-closes when <paramref name="isWhole"/> is false, reads the answer; it must come or the connection
    /// end.
    /// </summary>
    public async Task<string> SendAsync(byte[] bytes, bool isWhole = true)
    {
        using var late = new CancellationTokenSource(Hangs);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server.EndPoint, late.Token);
        string answer;
        try
        {
            Task sending = SendAllAsync(socket, bytes, late.Token);
            if (!isWhole)
            {
                await sending;
                socket.Shutdown(SocketShutdown.Send);
            }

            answer = await ReadAsync(socket, late.Token);
        }
        catch (OperationCanceledException)
        {
            attempt.Violate("a request hangs", Show(bytes));
            return "";
        }

        Judge(answer, bytes);
        return answer;
    }

    private static async Task SendAllAsync(Socket socket, byte[] bytes, CancellationToken late)
    {
        try
        {
            for (int sent = 0; sent < bytes.Length;)
                sent += await socket.SendAsync(bytes.AsMemory(sent), late);
        }
        catch (SocketException)
        {
            // The server closed before it had everything; its answer may be there all the same.
        }
    }

    private static async Task<string> ReadAsync(Socket socket, CancellationToken late)
    {
        using var answer = new MemoryStream();
        byte[] part = new byte[65536];
        while (answer.Length < AnswerBytesMax)
        {
            int read;
            try
            {
                read = await socket.ReceiveAsync(part, late);
            }
            catch (SocketException)
            {
                break;
            }

            if (read == 0) break;
            answer.Write(part, 0, read);
        }

        return Encoding.Latin1.GetString(answer.GetBuffer(), 0, (int)answer.Length);
    }

    private void Judge(string answer, byte[] sent)
    {
        if (answer.StartsWith("HTTP/1.1 500", StringComparison.Ordinal))
            attempt.Violate("an answer of 500", $"{Show(sent)}: {answer[..Math.Min(600, answer.Length)]}");
        int stack = answer.IndexOf("\n   at ", StringComparison.Ordinal);
        if (stack < 0) stack = answer.IndexOf("   at Flume.", StringComparison.Ordinal);
        if (stack >= 0)
            attempt.Violate(
                "an answer with a stack", $"{Show(sent)}: {answer[stack..Math.Min(stack + 300, answer.Length)]}");
    }

    private static string Show(byte[] bytes) =>
        Encoding.Latin1.GetString(bytes, 0, Math.Min(200, bytes.Length))
            .Replace("\r\n", "\\n", StringComparison.Ordinal);
}
