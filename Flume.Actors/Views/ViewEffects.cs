namespace Flume.Actors;

/// <summary>What a decision of <see cref="ViewStateMachine"/> asks its actor to do, in the order of the values.</summary>
[Flags]
internal enum ViewEffects
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Give the view another set of tries.</summary>
    ResetFailures = 1,

    /// <summary>Tell the RebuildActor that its result is not wanted.</summary>
    CancelRebuild = 2,

    /// <summary>Close the fresh store and delete it.</summary>
    DropNext = 4,

    /// <summary>Open the fresh store, to let it catch up.</summary>
    OpenNext = 8,

    /// <summary>Let the fresh store serve.</summary>
    Promote = 16,

    /// <summary>Ask the RebuildActor for a fresh store.</summary>
    RequestRebuild = 32,

    /// <summary>Have the pause and the owed rebuild remembered across restarts, before the outcome is told.</summary>
    PersistOperatorState = 64,

    /// <summary>No rebuild is owed any more.</summary>
    Settled = 128,

    /// <summary>Refuse the readers that wait: since will not move.</summary>
    RefuseReaders = 256,

    /// <summary>Send the token to the own mailbox.</summary>
    Step = 512,

    /// <summary>Leave the token at the log.</summary>
    AwaitHead = 1024,

    /// <summary>Stop with the error; the backoff supervisor brings the view back.</summary>
    Crash = 2048,
}

/// <summary>What became of a command.</summary>
/// <param name="IsAccepted">False when nothing changed.</param>
/// <param name="Text">What the view does now, or why not.</param>
/// <param name="Effects">What the actor does about it.</param>
internal readonly record struct ViewDecision(bool IsAccepted, string Text, ViewEffects Effects);
