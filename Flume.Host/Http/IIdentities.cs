using Flume.Replication;
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

    /// <summary>Makes an identity with an empty log, and opens it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="kind">What its records are; null for the kind in <c>flume.identities.kind</c>.</param>
    /// <param name="cancel">Stops the waiting, not the making.</param>
    /// <exception cref="IdentityRejectedException">There is one of that name, or the name can't be one.</exception>
    ValueTask<IIdentity> CreateAsync(string name, IdentityKind? kind, CancellationToken cancel);

    /// <summary>The health of an identity's replication; null if it does not replicate.</summary>
    ReplicationHealth? ReplicationOf(string identity) => null;

    /// <summary>The muxrpc addresses of an identity, in npm multiserver's notation.</summary>
    IReadOnlyList<string> AddressesOf(IIdentity identity) => [];
}
