using Flume.Log;
using Flume.Views.Store;

namespace Flume.Actors;

/// <summary>The session of a client view with the client that runs its code.</summary>
/// <remarks>
/// 1. At most one client is attached: the last one.
/// 2. An epoch is a fencing token. A new epoch starts when a client attaches or detaches, the store is replaced, or
/// the view stops.
/// 3. A commit carries its epoch, so a commit of an earlier epoch is never stored. The protocol of the feed names the
/// epoch <c>turn</c>.
/// 4. It counts the bytes that were sent and are not committed, to limit them.
/// 5. The view's actor updates the store; the feed sends. Any thread may call.
/// </remarks>
internal sealed class ClientViewSession
{
    private readonly Lock _lock = new();
    private readonly Queue<SentBatch> _sent = new();
    private IViewStore? _store;
    // The first epoch is random, so that a commit from before a restart does not match an epoch after it.
    private long _epoch = Random.Shared.NextInt64(1L << 40);
    private long _attached;
    private long _clients;
    private long _unconfirmedBytes;

    /// <summary>Set after every change of this session.</summary>
    public AsyncSignal Changed { get; } = new();

    /// <summary>The current epoch.</summary>
    public long Epoch
    {
        get { lock (_lock) return _epoch; }
    }

    /// <summary>True while a client is attached.</summary>
    public bool IsAttached
    {
        get { lock (_lock) return _attached != 0; }
    }

    /// <summary>Attaches a new client in place of the present one, and returns its number.</summary>
    public long Attach()
    {
        lock (_lock)
        {
            _attached = ++_clients;
            StartEpoch();
            return _attached;
        }
    }

    /// <summary>Detaches a client; no effect when another client is attached.</summary>
    public void Detach(long client)
    {
        lock (_lock)
        {
            if (_attached != client) return;
            _attached = 0;
            StartEpoch();
        }
    }

    /// <summary>Sets the store that is filled and whether the view may step; called by the view's actor.</summary>
    public void Update(IViewStore? store, bool mayStep)
    {
        IViewStore? filled = mayStep ? store : null;
        lock (_lock)
        {
            if (!ReferenceEquals(filled, _store))
            {
                _store = filled;
                StartEpoch();
                return;
            }
        }
        Changed.Set();
    }

    /// <summary>The epoch and the store that a client continues from; null while the view does not advance.</summary>
    /// <exception cref="ClientReplacedException">Another client is attached.</exception>
    public (long Epoch, IViewStore Store)? PlaceOf(long client)
    {
        lock (_lock)
        {
            if (_attached != client) throw new ClientReplacedException();
            return _store is null ? null : (_epoch, _store);
        }
    }

    /// <summary>Records a batch before it is sent; false when its epoch has ended.</summary>
    public bool TrySend(long epoch, SentBatch batch)
    {
        lock (_lock)
        {
            if (epoch != _epoch) return false;
            _sent.Enqueue(batch);
            _unconfirmedBytes += batch.Bytes;
            return true;
        }
    }

    /// <summary>Bytes of log that were sent in this epoch and are not committed.</summary>
    public long UnconfirmedBytes
    {
        get { lock (_lock) return _unconfirmedBytes; }
    }

    /// <summary>
    /// True when a commit up to <paramref name="since"/> (inclusive) covers records that were sent in its epoch.
    /// </summary>
    public bool WasSent(long epoch, Offset since)
    {
        lock (_lock)
        {
            if (epoch != _epoch) return false;
            foreach (SentBatch batch in _sent)
            {
                if (since <= batch.Last) return true;
            }
            return false;
        }
    }

    /// <summary>
    /// Removes the batches that a stored commit covers and returns their number of records. A batch that the commit
    /// covers in part stays.
    /// </summary>
    public int Confirm(Offset since)
    {
        int records = 0;
        lock (_lock)
        {
            while (_sent.TryPeek(out SentBatch batch) && batch.Last <= since)
            {
                _sent.Dequeue();
                _unconfirmedBytes -= batch.Bytes;
                records += batch.Records;
            }
        }
        Changed.Set();
        return records;
    }

    private void StartEpoch()
    {
        _epoch++;
        _sent.Clear();
        _unconfirmedBytes = 0;
        Changed.Set();
    }
}

/// <summary>A batch that was sent to a client.</summary>
internal readonly record struct SentBatch(Offset Last, int Records, long Bytes);

/// <summary>Another client is attached to the view.</summary>
internal sealed class ClientReplacedException : Exception;
