namespace Flume.Actors;

/// <summary>A child actor of an identity stopped unexpectedly: the identity reopens its files.</summary>
internal sealed class IdentityPartLostException(string identity, string part)
    : Exception($"The actor '{part}' of identity '{identity}' stopped unexpectedly; the identity restarts.");
