namespace Flume.Views.Store;

/// <summary>Counts who uses a store: its owner, each reader and each cursor; the last to leave closes it.</summary>
/// <remarks>1. Closing happens exactly once. 2. Nobody joins after the owner has left.</remarks>
internal sealed class StoreLease(Action close)
{
    private readonly Lock _lock = new();
    private int _holders = 1;
    private bool _ownerLeft;

    /// <summary>Joins; false once the owner has left, so that a swapped store drains.</summary>
    internal bool TryJoin()
    {
        lock (_lock)
        {
            if (_ownerLeft) return false;
            _holders++;
            return true;
        }
    }

    /// <summary>Joins on behalf of a holder that has not left yet: a reader's cursor.</summary>
    internal void JoinAsHolder()
    {
        lock (_lock) _holders++;
    }

    /// <summary>The owner leaves; a second time is no news.</summary>
    internal void LeaveAsOwner()
    {
        lock (_lock)
        {
            if (_ownerLeft) return;
            _ownerLeft = true;
        }

        Leave();
    }

    /// <summary>A holder leaves, once for each time it joined.</summary>
    internal void Leave()
    {
        bool last;
        lock (_lock) last = --_holders == 0;
        if (last) close();
    }
}
