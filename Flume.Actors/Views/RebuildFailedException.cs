namespace Flume.Actors;

/// <summary>A view without usable rows could not be rebuilt; it is tried again after a while.</summary>
internal sealed class RebuildFailedException(string view, Exception cause)
    : Exception($"View '{view}' has no usable rows and could not be rebuilt: {cause.Message}", cause);
