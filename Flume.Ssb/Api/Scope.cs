namespace Flume.Ssb.Api;

/// <summary>What a caller may do; a token carries one or more.</summary>
[Flags]
public enum Scope
{
    /// <summary>Nothing is needed: the page's own files, and whether the server lives.</summary>
    None = 0,

    /// <summary>Read everything, the identity's private messages included.</summary>
    Read = 1,

    /// <summary>Append to logs and publish as the identity.</summary>
    Append = 2,

    /// <summary>Everything: identities, views, deleting.</summary>
    Admin = 4,
}
