namespace Flume.Ssb.Api;

/// <summary>A read, or waiting for one, was refused.</summary>
public sealed class ReadRejectedException(ReadRejection rejection, string message) : Exception(message)
{
    /// <summary>Why, for programs; the message says it for people.</summary>
    public ReadRejection Rejection { get; } = rejection;
}

/// <summary>Why a read was refused.</summary>
public enum ReadRejection
{
    /// <summary>The identity keeps no view of that name.</summary>
    NoSuchView,

    /// <summary>As many readers wait as the limit allows: try again later, or accept older rows.</summary>
    Busy,

    /// <summary>The view did not become fresh enough in time.</summary>
    DeadlinePassed,

    /// <summary>The view is paused or faulted before the offset asked for, so that waiting would be in vain.</summary>
    Standing,

    /// <summary>The target lies beyond the head: no such record was ever acknowledged.</summary>
    BeyondHead,

    /// <summary>The view or the identity is stopping or stopped.</summary>
    Stopping,
}
