namespace Flume.Sql.Store;

/// <summary>Counts who uses a store: its owner and each reader; the last to leave closes it, once.</summary>
internal sealed class Holders(Action close)
{
    private readonly Lock _lock = new();
    private int _count = 1;
    private bool _hasOwnerLeft;

    /// <summary>Joins; false once the owner has left.</summary>
    internal bool TryJoin()
    {
        lock (_lock)
        {
            if (_hasOwnerLeft) return false;
            _count++;
            return true;
        }
    }

    /// <summary>The owner leaves; a second time changes nothing.</summary>
    internal void LeaveAsOwner()
    {
        lock (_lock)
        {
            if (_hasOwnerLeft) return;
            _hasOwnerLeft = true;
        }

        Leave();
    }

    /// <summary>One who joined leaves.</summary>
    internal void Leave()
    {
        bool isLast;
        lock (_lock) isLast = --_count == 0;
        if (isLast) close();
    }
}
