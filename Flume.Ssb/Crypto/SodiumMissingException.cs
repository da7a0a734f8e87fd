namespace Flume.Ssb.Crypto;

/// <summary>The system has no usable libsodium; the message names the package to install.</summary>
public sealed class SodiumMissingException(string message, Exception? cause) : Exception(message, cause);
