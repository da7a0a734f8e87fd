namespace Flume.Ssb.Api;

/// <summary>A read was rejected.</summary>
public sealed class ReadRejectedException(ReadRejection rejection, string message) : Exception(message)
{
    /// <summary>The reason for programs. The message explains it for people.</summary>
    public ReadRejection Rejection { get; } = rejection;
}

/// <summary>The reason of a rejection.</summary>
public enum ReadRejection
{
    /// <summary>The view does not exist.</summary>
    NoSuchView,

    /// <summary>Too many reads wait. Retry later, or accept older rows.</summary>
    Busy,

    /// <summary>The view did not reach the required since before the deadline.</summary>
    DeadlinePassed,

    /// <summary>The view is paused or faulted below the required offset, so it does not advance.</summary>
    Standing,

    /// <summary>The target is above the head. No acknowledged record has that offset.</summary>
    BeyondHead,

    /// <summary>The view or the identity is stopping or stopped.</summary>
    Stopping,
}
