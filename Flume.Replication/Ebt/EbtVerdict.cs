namespace Flume.Replication.Ebt;

/// <summary>The classification of a received message.</summary>
internal enum EbtVerdict
{
    /// <summary>The feed is not requested from this peer.</summary>
    Unwanted,

    /// <summary>The message is in the log or submitted to it.</summary>
    Duplicate,

    /// <summary>Earlier messages are missing.</summary>
    Gap,

    /// <summary>The message follows the newest one.</summary>
    Next,
}

/// <summary>Messages of one feed to send.</summary>
/// <param name="Feed">The feed.</param>
/// <param name="First">The first sequence.</param>
/// <param name="Last">The last sequence, inclusive.</param>
internal readonly record struct EbtSend(string Feed, long First, long Last);
