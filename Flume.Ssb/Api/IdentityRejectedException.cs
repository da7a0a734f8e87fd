namespace Flume.Ssb.Api;

/// <summary>An identity could not be created or opened; nothing was changed.</summary>
public sealed class IdentityRejectedException(string message, Exception? cause = null) : Exception(message, cause);
