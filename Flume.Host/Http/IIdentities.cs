using Flume.Ssb.Api;

namespace Flume.Host.Http;

/// <summary>The identities that this process serves: the engine's, or those of a test.</summary>
internal interface IIdentities
{
    /// <summary>Bytes of cached table blocks, over all stores.</summary>
    long CachedBytes => 0;

    /// <summary>The names of all identities, open or closed, in ordinal order.</summary>
    ValueTask<IReadOnlyList<string>> NamesAsync(CancellationToken cancel);

    /// <summary>Finds an identity and opens it if it is closed; null if it does not exist.</summary>
    ValueTask<IIdentity?> FindAsync(string name, CancellationToken cancel);

    /// <summary>Creates an identity with new keys and an empty log, and opens it.</summary>
    /// <exception cref="IdentityRejectedException">The name exists or is invalid.</exception>
    ValueTask<IIdentity> CreateAsync(string name, CancellationToken cancel);

    /// <summary>The muxrpc addresses of an identity, in npm multiserver's notation.</summary>
    IReadOnlyList<string> AddressesOf(IIdentity identity) => [];
}
