using System.Runtime.CompilerServices;
using Flume.Muxrpc.Calls;
using Flume.Muxrpc.Packets;
using Flume.Query.Json;
using Flume.Ssb.Blobs;

namespace Flume.Replication.Blobs;

/// <summary>Fetches blobs from peers into a store, which compares the content with the id.</summary>
/// <param name="settings">The limits.</param>
/// <param name="places">The limit of fetches of the process.</param>
/// <param name="time">The clock.</param>
internal sealed class BlobFetcher(BlobSettings settings, SemaphoreSlim places, TimeProvider time)
{
    private int _running;
    private long _stored;

    /// <summary>The settings of section <c>flume.replication.blobs</c>.</summary>
    public BlobSettings Settings => settings;

    /// <summary>The number of fetches that run now.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>The number of fetched blobs since the start.</summary>
    public long Stored => Interlocked.Read(ref _stored);

    /// <summary>Fetches one blob. False if the peer did not deliver it; the session then has the reason.</summary>
    public async Task<bool> FetchAsync(BlobSession session, string id, BlobStore store)
    {
        Interlocked.Increment(ref _running);
        try
        {
            await places.WaitAsync(session.Ended).ConfigureAwait(false);
            try
            {
                await ReceiveAsync(session, id, store).ConfigureAwait(false);
            }
            finally
            {
                places.Release();
            }

            Interlocked.Increment(ref _stored);
            return true;
        }
        catch (Exception error) when (IsOfPeerOrDisk(error))
        {
            session.LastError = $"blob {id}: {error.Message}";
            return false;
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    private static bool IsOfPeerOrDisk(Exception error) => error is IOException or InvalidDataException or RpcException
        or PacketException or PeerGoneException or OperationCanceledException or UnauthorizedAccessException
        or ObjectDisposedException;

    private async Task ReceiveAsync(BlobSession session, string id, BlobStore store)
    {
        if (settings.QuotaBytes > 0 && store.TotalBytes >= settings.QuotaBytes)
        {
            throw new IOException(
                $"the identity has {store.TotalBytes} bytes of blobs; flume.replication.blobs.quota-bytes is " +
                $"{settings.QuotaBytes}.");
        }

        using CancellationTokenSource whole = new(settings.FetchWithin, time);
        using CancellationTokenSource idle = new(settings.IdleWithin, time);
        using CancellationTokenSource any =
            CancellationTokenSource.CreateLinkedTokenSource(session.Ended, whole.Token, idle.Token);
        JsArray args = new JsArray().Add(JsValue.From(new JsObject()
            .Set("key", JsValue.From(id)).Set("max", JsValue.From(settings.BytesMax))));
        DuplexStream stream =
            await session.Connection.OpenBytesAsync("blobs.get", args, any.Token).ConfigureAwait(false);
        try
        {
            await store.AddAsync(PiecesAsync(stream, idle, any.Token), id, any.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!session.Ended.IsCancellationRequested)
        {
            TimeSpan limit = idle.IsCancellationRequested ? settings.IdleWithin : settings.FetchWithin;
            throw new IOException($"it did not come within {limit.TotalSeconds:0.#} s");
        }
        finally
        {
            stream.StopReading();
            if (!session.Ended.IsCancellationRequested) await stream.EndAsync(JsValue.True).ConfigureAwait(false);
        }
    }

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> PiecesAsync(
        DuplexStream stream, CancellationTokenSource idle, [EnumeratorCancellation] CancellationToken cancel)
    {
        long taken = 0;
        await foreach (Packet piece in stream.ReadAllAsync(cancel).ConfigureAwait(false))
        {
            idle.CancelAfter(settings.IdleWithin);
            taken += piece.Body.Length;
            if (taken > settings.BytesMax)
                throw new IOException($"it has more than {settings.BytesMax} bytes, the maximum");
            if (!piece.Body.IsEmpty) yield return piece.Body;
        }
    }
}
