namespace Flume.Replication;

/// <summary>The health of an identity's replication.</summary>
/// <param name="AloneSince">The time since when no peer is connected; null while one is.</param>
/// <param name="OwnBehind">The number of own messages that peers announce and the log lacks.</param>
internal sealed record ReplicationHealth(DateTimeOffset? AloneSince, long OwnBehind);
