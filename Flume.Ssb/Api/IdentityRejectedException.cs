namespace Flume.Ssb.Api;

/// <summary>An identity was not created or opened. Nothing changed.</summary>
public sealed class IdentityRejectedException(string message, Exception? cause = null) : Exception(message, cause);
