using Flume.Ssb.Api;

namespace Flume.Actors;

/// <summary>What an identity may be called: the name is a folder, an actor and a part of addresses.</summary>
public static class IdentityName
{
    private const int LengthMax = 64;

    /// <summary>Refuses a name that can't be all three.</summary>
    /// <exception cref="IdentityRejectedException">It can't.</exception>
    public static void Check(string name)
    {
        bool isGood = name.Length is > 0 and <= LengthMax && char.IsAsciiLetterOrDigit(name[0]);
        foreach (char c in name) isGood &= char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_' or '.';
        if (isGood) return;
        throw new IdentityRejectedException(
            $"'{name}' can't name an identity: expected 1 to {LengthMax} lower-case letters, digits, '-', '_' or '.', " +
            "beginning with a letter or digit.");
    }
}
