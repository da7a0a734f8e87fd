namespace Flume.Views.Store;

/// <summary>
/// Counts the holders of a store: its owner, readers and cursors. The last release closes the store.
/// </summary>
/// <remarks>1. The store closes exactly once. 2. After the owner's release no new holder can join.</remarks>
internal sealed class StoreLease(Action close)
{
    private readonly Lock _lock = new();
    private int _holders = 1;
    private bool _ownerLeft;

    /// <summary>Adds a holder. False after the owner's release, so that a replaced store can close.</summary>
    internal bool TryJoin()
    {
        lock (_lock)
        {
            if (_ownerLeft) return false;
            _holders++;
            return true;
        }
    }

    /// <summary>Adds a holder for an existing holder: a reader's cursor.</summary>
    internal void JoinAsHolder()
    {
        lock (_lock) _holders++;
    }

    /// <summary>Releases the owner's hold. A second call has no effect.</summary>
    internal void LeaveAsOwner()
    {
        lock (_lock)
        {
            if (_ownerLeft) return;
            _ownerLeft = true;
        }

        Leave();
    }

    /// <summary>Releases one hold.</summary>
    internal void Leave()
    {
        bool last;
        lock (_lock) last = --_holders == 0;
        if (last) close();
    }
}
