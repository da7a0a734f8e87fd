namespace Flume.Actors;

/// <summary>A part of an identity stopped that should not have: the identity is opened again from its files.</summary>
internal sealed class IdentityPartLostException(string identity, string part)
    : Exception($"The {part} of identity '{identity}' stopped unexpectedly; the identity is opened again.");
