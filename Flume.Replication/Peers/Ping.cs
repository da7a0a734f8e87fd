using Flume.Muxrpc.Calls;
using Flume.Muxrpc.Packets;
using Flume.Query.Json;

namespace Flume.Replication.Peers;

/// <summary>Keeps a connection alive: both sides send the time alternately.</summary>
internal sealed class Ping(TimeProvider time)
{
    // npm's statistics ignore a round trip of 0 ms.
    private static readonly TimeSpan AnswerAfter = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan ServeEvery = TimeSpan.FromMinutes(5);

    /// <summary>The arguments of the call.</summary>
    public static JsArray Arguments =>
        new JsArray().Add(JsValue.From(new JsObject().Set("timeout", JsValue.From(ServeEvery.TotalMilliseconds))));

    /// <summary>The called side: answers the peer's first time, then both sides alternate.</summary>
    public Task ServeAsync(DuplexStream stream, CancellationToken cancel) => TakeTurnsAsync(stream, false, cancel);

    /// <summary>The calling side: sends the first time, then both sides alternate.</summary>
    public async Task CallAsync(DuplexStream stream, CancellationToken cancel)
    {
        await SendAsync(stream, cancel).ConfigureAwait(false);
        await TakeTurnsAsync(stream, true, cancel).ConfigureAwait(false);
    }

    private async Task TakeTurnsAsync(DuplexStream stream, bool isAnswer, CancellationToken cancel)
    {
        await foreach (Packet _ in stream.ReadAllAsync(cancel).ConfigureAwait(false))
        {
            if (!isAnswer)
            {
                await Task.Delay(AnswerAfter, time, cancel).ConfigureAwait(false);
                await SendAsync(stream, cancel).ConfigureAwait(false);
                await Task.Delay(ServeEvery, time, cancel).ConfigureAwait(false);
                await SendAsync(stream, cancel).ConfigureAwait(false);
            }

            isAnswer = !isAnswer;
        }
    }

    private async Task SendAsync(DuplexStream stream, CancellationToken cancel)
    {
        await stream.WriteAsync(JsValue.From(time.GetUtcNow().ToUnixTimeMilliseconds()), cancel).ConfigureAwait(false);
        await stream.FlushAsync(cancel).ConfigureAwait(false);
    }
}
