namespace Flume.Muxrpc.Packets;

/// <summary>A limit, shared by all connections, on large bodies that are received at the same time.</summary>
/// <remarks>
/// A connection above the limit is not read. A body that exceeds the time limit ends its connection.
/// </remarks>
/// <param name="max">The maximum number of large bodies at the same time.</param>
/// <param name="within">The time limit for receiving one body.</param>
internal sealed class LargeBodies(int max, TimeSpan within)
{
    /// <summary>A body with more bytes than this is large.</summary>
    public const int Bytes = 1024 * 1024;

    private readonly SemaphoreSlim _places = new(max);

    /// <summary>Receives one large body when the limit permits it.</summary>
    /// <param name="request">The body's request number.</param>
    /// <param name="receive">Receives the body. Its token is cancelled at the time limit.</param>
    /// <param name="cancel">Stops the wait and the receive.</param>
    /// <exception cref="PacketException">The time limit was reached.</exception>
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
