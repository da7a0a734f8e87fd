namespace Flume.Actors;

/// <summary>
/// The effects of a decision of <see cref="ViewStateMachine"/>; the actor executes them in this order.
/// </summary>
[Flags]
internal enum ViewEffects
{
    /// <summary>No effect.</summary>
    None = 0,

    /// <summary>Reset the count of tries.</summary>
    ResetFailures = 1,

    /// <summary>Cancel the request at the RebuildActor.</summary>
    CancelRebuild = 2,

    /// <summary>Close the fresh store and delete it.</summary>
    DropNext = 4,

    /// <summary>Open the fresh store, so that it catches up.</summary>
    OpenNext = 8,

    /// <summary>Make the fresh store the serving one.</summary>
    Promote = 16,

    /// <summary>Request a fresh store from the RebuildActor.</summary>
    RequestRebuild = 32,

    /// <summary>Store the pause and the pending rebuild across restarts, before the outcome is answered.</summary>
    PersistOperatorState = 64,

    /// <summary>Clear the pending rebuild.</summary>
    Settled = 128,

    /// <summary>Refuse the waiting readers: since does not advance.</summary>
    RefuseReaders = 256,

    /// <summary>Queue the step permit in the own mailbox.</summary>
    Step = 512,

    /// <summary>Request a head notification from the log, with the step permit.</summary>
    AwaitHead = 1024,

    /// <summary>Stop with the error; the backoff supervisor restarts the view.</summary>
    Crash = 2048,
}

/// <summary>The outcome of a command.</summary>
/// <param name="IsAccepted">False when nothing changed.</param>
/// <param name="Text">The new activity of the view, or the reason of the refusal.</param>
/// <param name="Effects">The effects that the actor executes.</param>
internal readonly record struct ViewDecision(bool IsAccepted, string Text, ViewEffects Effects);
