namespace Flume.Ssb.Crypto;

/// <summary>libsodium is missing or unusable. The message names the package to install.</summary>
public sealed class SodiumMissingException(string message, Exception? cause) : Exception(message, cause);
