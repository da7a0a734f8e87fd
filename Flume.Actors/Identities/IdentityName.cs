using Flume.Ssb.Api;

namespace Flume.Actors;

/// <summary>Validates names of identities: a name is a folder, an actor name and a part of addresses.</summary>
public static class IdentityName
{
    private const int LengthMax = 64;

    /// <summary>Refuses an invalid name.</summary>
    /// <exception cref="IdentityRejectedException">The name is invalid.</exception>
    public static void Check(string name)
    {
        bool isValid = name.Length is > 0 and <= LengthMax && char.IsAsciiLetterOrDigit(name[0]);
        foreach (char c in name)
            isValid &= char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_' or '.';
        if (isValid) return;
        throw new IdentityRejectedException(
            $"'{name}' can't name an identity: expected 1 to {LengthMax} lower-case letters, digits, '-', '_' or " +
            "'.', beginning with a letter or digit.");
    }
}
