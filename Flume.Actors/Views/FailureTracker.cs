using Flume.Log;

namespace Flume.Actors;

/// <summary>Records a view's errors across its restarts, and decides when it is faulted.</summary>
/// <remarks>
/// 1. Tries are counted per offset: progress beyond the offset of the last error resets the count.
/// 2. <see cref="IsFaulted"/> is true from the last allowed try until <see cref="ResetFailures"/>.
/// 3. One incarnation of the view's actor writes at a time; any thread reads.
/// </remarks>
internal sealed class FailureTracker(int triesMax)
{
    private volatile Fault? _last;
    private volatile int _restarts;

    /// <summary>The last error; null without one.</summary>
    public Fault? Last => _last;

    /// <summary>Restarts since the process started.</summary>
    public int Restarts => _restarts;

    /// <summary>True when the last error used up the tries at one offset, or is final.</summary>
    public bool IsFaulted => _last is { } last && (last.IsFinal || last.Tries >= triesMax);

    /// <summary>Records an error that stopped the view at <paramref name="since"/>.</summary>
    /// <param name="since">The since of the view at the error.</param>
    /// <param name="error">The message, a sentence.</param>
    /// <param name="isOfDisk">True when the disk refused: the error may pass when the disk has room.</param>
    public void Failed(Offset since, string error, bool isOfDisk = false)
    {
        int tries = _last is { } last && last.Since >= since && !last.Passed ? last.Tries + 1 : 1;
        _last = new(since, error, tries, IsFinal: false, Passed: false) { IsOfDisk = isOfDisk };
        _restarts++;
    }

    /// <summary>Records a final error, such as damage: a retry can't pass it.</summary>
    public void FailedForGood(Offset since, string error) =>
        _last = new(since, error, triesMax, IsFinal: true, Passed: false);

    /// <summary>Records an error that did not stop the view; it does not count as a try.</summary>
    public void Noted(Offset since, string error) =>
        _last = new(since, error, 0, IsFinal: false, Passed: true);

    /// <summary>Records progress: the rows reflect the log up to <paramref name="since"/>.</summary>
    public void Reached(Offset since)
    {
        if (_last is { Passed: false } last && since > last.Since)
            _last = last with { Passed = true, Tries = 0, IsFinal = false };
    }

    /// <summary>Resets the tries, by a command of an operator.</summary>
    public void ResetFailures()
    {
        if (_last is { } last) _last = last with { Passed = true, Tries = 0, IsFinal = false };
    }
}

/// <summary>An error of a view.</summary>
/// <param name="Since">The since of the view at the error.</param>
/// <param name="Error">The message, a sentence.</param>
/// <param name="Tries">Consecutive errors at this offset.</param>
/// <param name="IsFinal">True when a retry can't pass it.</param>
/// <param name="Passed">True when the view has passed the offset, or the tries were reset.</param>
internal sealed record Fault(Offset Since, string Error, int Tries, bool IsFinal, bool Passed)
{
    /// <summary>True when the disk refused.</summary>
    public bool IsOfDisk { get; init; }
}
