using Flume.Log;
using Flume.Views.Store;

namespace Flume.Actors;

/// <summary>Where a client view meets the client that runs its code.</summary>
/// <remarks>
/// 1. At most one client is attached: the last one that came. 2. A turn is one client going on from one place of one
/// store; it ends when another client comes, the store is replaced, or the view stops. A commit names its turn, so that
/// nothing of an earlier turn is ever stored. 3. What was sent and not committed is counted, to bound it.
/// The view's actor shows what is stored; the feed sends. Any thread may call.
/// </remarks>
internal sealed class ClientViewSession
{
    private readonly Lock _lock = new();
    private readonly Queue<SentBatch> _sent = new();
    private IViewStore? _store;
    // Random, so that no commit of before a restart meets a turn of after it.
    private long _epoch = Random.Shared.NextInt64(1L << 40);
    private long _attached;
    private long _clients;
    private long _unconfirmedBytes;

    /// <summary>Beats whenever anything here changes.</summary>
    public AsyncSignal Changed { get; } = new();

    /// <summary>The number of the turn.</summary>
    public long Epoch
    {
        get { lock (_lock) return _epoch; }
    }

    /// <summary>True while a client runs the view's code.</summary>
    public bool IsAttached
    {
        get { lock (_lock) return _attached != 0; }
    }

    /// <summary>A client comes, in place of any other; its number.</summary>
    public long Attach()
    {
        lock (_lock)
        {
            _attached = ++_clients;
            StartEpoch();
            return _attached;
        }
    }

    /// <summary>A client goes; harmless when another has taken its place.</summary>
    public void Detach(long client)
    {
        lock (_lock)
        {
            if (_attached != client) return;
            _attached = 0;
            StartEpoch();
        }
    }

    /// <summary>The view's actor says which store is being filled and whether it may be.</summary>
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

    /// <summary>The place for a client to go on from: null when the view stands still.</summary>
    /// <exception cref="ClientReplacedException">Another client has taken this one's place.</exception>
    public (long Epoch, IViewStore Store)? PlaceOf(long client)
    {
        lock (_lock)
        {
            if (_attached != client) throw new ClientReplacedException();
            return _store is null ? null : (_epoch, _store);
        }
    }

    /// <summary>A batch is about to be sent; false when its turn is over.</summary>
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

    /// <summary>Bytes of log that were sent in this turn and are not committed.</summary>
    public long UnconfirmedBytes
    {
        get { lock (_lock) return _unconfirmedBytes; }
    }

    /// <summary>
    /// True when a commit up to <paramref name="since"/> (inclusive) speaks of records that were sent in its turn.
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
    /// A commit is stored: how many of the batches' records it covers, those cut through not counted.
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

/// <summary>A batch on its way to a client.</summary>
internal readonly record struct SentBatch(Offset Last, int Records, long Bytes);

/// <summary>Another client runs the view's code now.</summary>
internal sealed class ClientReplacedException : Exception;
