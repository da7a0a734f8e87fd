using Flume.Muxrpc.Calls;
using Flume.Muxrpc.Packets;
using Flume.Query.Json;
using Flume.Replication.Peers;
using Flume.Ssb.Api;

namespace Flume.Replication.Ebt;

/// <summary>Runs one EBT stream: receives the peer's packets and sends the packets of the state.</summary>
/// <param name="identity">The identity's replication.</param>
/// <param name="remote">The peer's feed id.</param>
/// <param name="stream">The stream.</param>
/// <param name="isClient">True if this side opened the stream. The peer's first note then comes first.</param>
internal sealed class EbtSession(IdentityReplication identity, string remote, DuplexStream stream, bool isClient)
{
    private const int MessagesPerSend = 64;
    private const int SendsBetweenNotes = 8;
    private const int NotesPerPacket = 2000;
    private static readonly TimeSpan ReadAgainAfter = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _work = new(0, 1);
    private readonly TaskCompletionSource _firstNote = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _peer;

    /// <summary>Completes with the peer's first packet. Fails if the peer refuses the stream.</summary>
    public Task FirstNote => _firstNote.Task;

    /// <summary>Runs until the peer ends the stream, or until cancelled.</summary>
    /// <exception cref="RpcException">The peer ended the stream with an error.</exception>
    public async Task RunAsync(CancellationToken cancel)
    {
        using CancellationTokenSource ends = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        _peer = identity.OpenEbt(remote, Signal);
        Task writing = Task.CompletedTask;
        try
        {
            if (!isClient) identity.StartEbt(_peer);
            writing = WriteAllAsync(!isClient, ends.Token);
            Task reading = ReadAllAsync(ends.Token);
            await (await Task.WhenAny(reading, writing).ConfigureAwait(false)).ConfigureAwait(false);
            _firstNote.TrySetException(new RpcException("the peer ended ebt.replicate before its first note"));
        }
        catch (Exception error)
        {
            _firstNote.TrySetException(error);
            throw;
        }
        finally
        {
            _ = _firstNote.Task.Exception;
            await ends.CancelAsync().ConfigureAwait(false);
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            identity.CloseEbt(_peer, remote);
        }
    }

    private void Signal()
    {
        try
        {
            if (_work.CurrentCount == 0) _work.Release();
        }
        catch (SemaphoreFullException)
        {
            // Another thread signalled at the same moment.
        }
    }

    private async Task ReadAllAsync(CancellationToken cancel)
    {
        await foreach (Packet packet in stream.ReadAllAsync(cancel).ConfigureAwait(false))
        {
            JsValue value = EbtPackets.Read(packet);
            if (EbtPackets.IsMessage(value))
            {
                if (packet.Body.Length > EbtPackets.MessageBytesMax) continue;
                await identity.ReceiveMessageAsync(_peer, value, cancel).ConfigureAwait(false);
                continue;
            }

            if (!value.IsObject) continue;
            identity.StartEbt(_peer);
            identity.ReceiveNotes(_peer, EbtPackets.Notes(value));
            _firstNote.TrySetResult();
        }
    }

    private async Task WriteAllAsync(bool mustGreet, CancellationToken cancel)
    {
        if (mustGreet) await WriteNotesAsync(evenNone: true, cancel).ConfigureAwait(false);
        while (true)
        {
            for (int sends = 0; sends < SendsBetweenNotes; sends++)
            {
                if (!await SendAsync(cancel).ConfigureAwait(false)) break;
            }

            while (await WriteNotesAsync(evenNone: false, cancel).ConfigureAwait(false))
            {
            }

            if (identity.Read(state => state.HasWork(_peer))) continue;
            await stream.FlushAsync(cancel).ConfigureAwait(false);
            await _work.WaitAsync(cancel).ConfigureAwait(false);
        }
    }

    private async ValueTask<bool> SendAsync(CancellationToken cancel)
    {
        if (identity.TakeEbtSend(_peer, MessagesPerSend) is not { } send) return false;
        IReadOnlyList<ReadOnlyMemory<byte>> messages;
        try
        {
            messages = await identity.Store.ReadAsync(send.Feed, send.First, send.Last, cancel).ConfigureAwait(false);
        }
        catch (Exception error) when (error is ReadRejectedException or IdentityRejectedException)
        {
            // The view lags or the identity is opening. The messages are sent later.
            identity.Change(state => state.SendLater(_peer, send));
            await Task.Delay(ReadAgainAfter, cancel).ConfigureAwait(false);
            return true;
        }

        foreach (ReadOnlyMemory<byte> message in messages)
            await stream.WriteJsonAsync(message, cancel).ConfigureAwait(false);
        identity.CountSent(messages.Count);
        if (messages.Count < send.Last - send.First + 1) identity.Change(state => state.StopSending(_peer, send.Feed));
        return true;
    }

    private async ValueTask<bool> WriteNotesAsync(bool evenNone, CancellationToken cancel)
    {
        Dictionary<string, EbtNote>? notes = identity.TakeEbtNotes(_peer, NotesPerPacket);
        if (notes is null && !evenNone) return false;
        await stream.WriteJsonAsync(EbtPackets.Write(notes ?? []), cancel).ConfigureAwait(false);
        if (evenNone) await stream.FlushAsync(cancel).ConfigureAwait(false);
        return true;
    }
}
