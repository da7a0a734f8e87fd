using Flume.Ssb.Api;

namespace Flume.Actors;

/// <summary>The state of a view that the journal stores across restarts; its rows are stored elsewhere.</summary>
/// <param name="Version">The version of its rows at the last write; 0 before the first.</param>
/// <param name="Budget">How much of the machine its indexing may use.</param>
/// <param name="Pause">The pause in force, or null.</param>
/// <param name="PendingRebuild">The reason of the pending rebuild; null without one.</param>
internal sealed record ViewOperatorState(int Version, IndexBudget Budget, PauseInfo? Pause, string? PendingRebuild)
{
    /// <summary>True when the pending rebuild can't be cancelled: rows of a deleted record exist.</summary>
    public bool MustPurgeDeleted { get; init; }

    /// <summary>The state of a new view.</summary>
    public static readonly ViewOperatorState None = new(0, IndexBudget.Full, null, null);
}

/// <summary>The event of Akka.Persistence: the new state of a view, which replaces all earlier ones.</summary>
internal sealed record OperatorStateChanged(string View, ViewOperatorState OperatorState);
