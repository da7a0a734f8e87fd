namespace Flume.Replication.Ebt;

/// <summary>What a received message is.</summary>
internal enum EbtVerdict
{
    /// <summary>Nobody asked this peer for the feed.</summary>
    Unwanted,

    /// <summary>It is in the log, or on its way into it.</summary>
    Duplicate,

    /// <summary>Messages before it are missing.</summary>
    Gap,

    /// <summary>It follows the newest message.</summary>
    Next,
}

/// <summary>Messages of one feed to send.</summary>
/// <param name="Feed">The feed.</param>
/// <param name="First">The first sequence.</param>
/// <param name="Last">The last sequence, inclusive.</param>
internal readonly record struct EbtSend(string Feed, long First, long Last);
