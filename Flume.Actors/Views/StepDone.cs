namespace Flume.Actors;

/// <summary>The result of a step.</summary>
/// <param name="IsAtHead">True when no more entries exist.</param>
/// <param name="MayPromote">True when the fresh rows are at least as fresh as the serving ones.</param>
internal readonly record struct StepDone(bool IsAtHead, bool MayPromote)
{
    /// <summary>The duration of the step.</summary>
    public TimeSpan Took { get; init; }

    /// <summary>The number of records that the step applied.</summary>
    public int Records { get; init; }
}
