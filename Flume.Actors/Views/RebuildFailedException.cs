namespace Flume.Actors;

/// <summary>The rebuild of a view without usable rows failed. The view restarts after a delay.</summary>
internal sealed class RebuildFailedException(string view, Exception cause)
    : Exception($"View '{view}' has no usable rows and could not be rebuilt: {cause.Message}", cause);
