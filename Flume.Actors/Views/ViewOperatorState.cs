using Flume.Ssb.Api;

namespace Flume.Actors;

/// <summary>What a view must not forget when the process ends, beside its rows.</summary>
/// <param name="Version">The version of its rows when it was last seen; 0 before it ever was.</param>
/// <param name="Budget">How much of the machine its indexing may use.</param>
/// <param name="Pause">The pause in force, or null.</param>
/// <param name="PendingRebuild">Why it is to be rebuilt, until that is done; null when it is not.</param>
internal sealed record ViewOperatorState(int Version, IndexBudget Budget, PauseInfo? Pause, string? PendingRebuild)
{
    /// <summary>True when the owed rebuild can't be given up: rows of a deleted record are left.</summary>
    public bool MustPurgeDeleted { get; init; }

    /// <summary>What a view that was never seen before remembers.</summary>
    public static readonly ViewOperatorState None = new(0, IndexBudget.Full, null, null);
}

/// <summary>The event of Akka.Persistence: from now on the view remembers this, and nothing of before.</summary>
internal sealed record OperatorStateChanged(string View, ViewOperatorState OperatorState);
