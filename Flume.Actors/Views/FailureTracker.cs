using Flume.Log;

namespace Flume.Actors;

/// <summary>Remembers a view's errors across its restarts, and decides when trying again is in vain.</summary>
/// <remarks>
/// 1. Tries are counted per place: progress beyond the offset of the last error starts the count anew.
/// 2. <see cref="IsFaulted"/> holds from the last try allowed until <see cref="ResetFailures"/>.
/// Written by one view at a time (an incarnation starts after the last one stopped); read by anyone.
/// </remarks>
internal sealed class FailureTracker(int triesMax)
{
    private volatile Fault? _last;
    private volatile int _restarts;

    /// <summary>The last error; null when there was none.</summary>
    public Fault? Last => _last;

    /// <summary>Errors since the process started.</summary>
    public int Restarts => _restarts;

    /// <summary>True when the last error came as often at one place as is allowed, or can't pass by itself.</summary>
    public bool IsFaulted => _last is { } last && (last.IsFinal || last.Tries >= triesMax);

    /// <summary>An error stopped the view while it stood at <paramref name="since"/>.</summary>
    public void Failed(Offset since, string error)
    {
        int tries = _last is { } last && last.Since >= since && !last.Passed ? last.Tries + 1 : 1;
        _last = new(since, error, tries, IsFinal: false, Passed: false);
        _restarts++;
    }

    /// <summary>An error that no further try can pass: damage.</summary>
    public void FailedForGood(Offset since, string error) =>
        _last = new(since, error, triesMax, IsFinal: true, Passed: false);

    /// <summary>An error that stopped nothing: it is shown, and not counted as a try.</summary>
    public void Noted(Offset since, string error) =>
        _last = new(since, error, 0, IsFinal: false, Passed: true);

    /// <summary>The view's rows reflect the log up to <paramref name="since"/>.</summary>
    public void Reached(Offset since)
    {
        if (_last is { Passed: false } last && since > last.Since) _last = last with { Passed = true, Tries = 0, IsFinal = false };
    }

    /// <summary>An operator gives the view another set of tries.</summary>
    public void ResetFailures()
    {
        if (_last is { } last) _last = last with { Passed = true, Tries = 0, IsFinal = false };
    }
}

/// <summary>An error of a view.</summary>
/// <param name="Since">Where the view stood.</param>
/// <param name="Error">What went wrong, in a sentence.</param>
/// <param name="Tries">How often in a row it came at this place.</param>
/// <param name="IsFinal">True when no further try can pass it.</param>
/// <param name="Passed">True when the view has since gone beyond it, or was forgiven.</param>
internal sealed record Fault(Offset Since, string Error, int Tries, bool IsFinal, bool Passed);
