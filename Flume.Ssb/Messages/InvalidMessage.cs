namespace Flume.Ssb.Messages;

/// <summary>The reason why a message is rejected, in ssb-validate's words.</summary>
/// <param name="Reason">The message of JavaScript's error.</param>
/// <param name="Fatal">True if the feed is broken (a fork or a forged signature), so that replication must
/// stop.</param>
public sealed record InvalidMessage(string Reason, bool Fatal);
