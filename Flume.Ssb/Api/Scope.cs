namespace Flume.Ssb.Api;

/// <summary>The permissions of a caller. A token has one or more.</summary>
[Flags]
public enum Scope
{
    /// <summary>No permission: static files of the page and the liveness check.</summary>
    None = 0,

    /// <summary>Read all data, including the identity's private messages.</summary>
    Read = 1,

    /// <summary>Append to logs and publish as the identity.</summary>
    Append = 2,

    /// <summary>All operations, including identities, views and deletion.</summary>
    Admin = 4,
}
