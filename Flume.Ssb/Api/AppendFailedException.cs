namespace Flume.Ssb.Api;

/// <summary>A write failed midway. The log may contain some of the payloads, so read it before a retry.</summary>
public sealed class AppendFailedException(string message, Exception? cause) : Exception(message, cause);
