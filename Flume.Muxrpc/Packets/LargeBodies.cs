namespace Flume.Muxrpc.Packets;

/// <summary>The places for large bodies on their way, shared by all connections: what they may take in memory.</summary>
/// <remarks>Who has no place is not read. Who has one and does not send loses it, and the connection with it.</remarks>
/// <param name="max">Places.</param>
/// <param name="within">How long a body may take that has a place.</param>
internal sealed class LargeBodies(int max, TimeSpan within)
{
    /// <summary>More bytes than this make a body large.</summary>
    public const int Bytes = 1024 * 1024;

    private readonly SemaphoreSlim _places = new(max);

    /// <summary>Receives one large body, once there is a place.</summary>
    /// <param name="request">The request it belongs to.</param>
    /// <param name="receive">Receives it; its token is cancelled when it takes too long.</param>
    /// <param name="cancel">Ends the waiting and the receiving.</param>
    /// <exception cref="PacketException">It took too long.</exception>
    public async ValueTask<T> ReceiveAsync<T>(
        int request, Func<CancellationToken, ValueTask<T>> receive, CancellationToken cancel)
    {
        await _places.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            return await WithinAsync(request, receive, cancel).ConfigureAwait(false);
        }
        finally
        {
            _places.Release();
        }
    }

    /// <summary>Receives the rest of any body in time: a peer that sends a part of it and stays silent ends.</summary>
    /// <inheritdoc cref="ReceiveAsync"/>
    public async ValueTask<T> WithinAsync<T>(
        int request, Func<CancellationToken, ValueTask<T>> receive, CancellationToken cancel)
    {
        try
        {
            using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            patience.CancelAfter(within);
            return await receive(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new PacketException(request, $"its body did not come within {within.TotalSeconds:0.###} s.");
        }
    }
}
