namespace Flume.Ssb.Api;

/// <summary>Writing failed half-way: the payloads may or may not be in the log. Look before trying again.</summary>
public sealed class AppendFailedException(string message, Exception? cause) : Exception(message, cause);
