namespace Flume.Ssb.Messages;

/// <summary>Why a message is not accepted, in ssb-validate's words.</summary>
/// <param name="Reason">The message of JavaScript's error.</param>
/// <param name="Fatal">True when the feed itself is broken (a fork, a forged signature), so that replication must
/// stop.</param>
public sealed record InvalidMessage(string Reason, bool Fatal);
