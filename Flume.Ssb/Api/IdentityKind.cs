namespace Flume.Ssb.Api;

/// <summary>What an identity's records are, chosen when it is made; it never changes.</summary>
public enum IdentityKind
{
    /// <summary>
    /// A Secure Scuttlebutt feed: a key pair, the nine SSB views, and any other record beside messages.
    /// </summary>
    Ssb,

    /// <summary>Plain events: any JSON. No key pair and no SSB views; other views see every record.</summary>
    Events,
}

/// <summary>The words for kinds of identities, the same in configuration, HTTP, CLI and files.</summary>
public static class IdentityKinds
{
    /// <summary>Every kind with its word.</summary>
    public static IReadOnlyList<(string Word, IdentityKind Value)> All { get; } =
        [("ssb", IdentityKind.Ssb), ("events", IdentityKind.Events)];

    /// <summary>The word for a kind.</summary>
    public static string ToWord(this IdentityKind kind) => kind == IdentityKind.Events ? "events" : "ssb";

    /// <summary>The kind that a word names; false when it names none.</summary>
    public static bool TryParse(string word, out IdentityKind kind)
    {
        foreach ((string known, IdentityKind value) in All)
        {
            kind = value;
            if (known == word) return true;
        }

        kind = default;
        return false;
    }
}
