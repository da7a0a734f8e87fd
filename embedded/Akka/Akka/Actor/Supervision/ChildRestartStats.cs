namespace Akka.Actor;

/// <summary>A child, and how often it was restarted within the time that its supervisor's strategy counts in.</summary>
internal sealed class ChildRestartStats(IInternalActorRef child)
{
    private int _restarts;
    private long _windowStart;

    public IInternalActorRef Child { get; } = child;

    /// <summary>Counts a restart and says whether it is within the limits; negative limits are none.</summary>
    public bool RequestRestartPermission(int maxNrOfRetries, int withinTimeMilliseconds)
    {
        if (maxNrOfRetries == 0)
            return false;
        if (withinTimeMilliseconds > 0)
            return IsWithinWindow(maxNrOfRetries > 0 ? maxNrOfRetries : 1, withinTimeMilliseconds);
        return maxNrOfRetries < 0 || ++_restarts <= maxNrOfRetries;
    }

    private bool IsWithinWindow(int retries, int windowMilliseconds)
    {
        var now = Environment.TickCount64;
        if (_restarts == 0)
            _windowStart = now;
        if (now - _windowStart <= windowMilliseconds)
            return ++_restarts <= retries;
        _restarts = 1;
        _windowStart = now;
        return true;
    }
}
