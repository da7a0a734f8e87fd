using Flume.Ssb.Api;

namespace Flume.Host.Http;

/// <summary>The identities that this process serves: the engine's, or a test's.</summary>
internal interface IIdentities
{
    /// <summary>Bytes that cached table blocks take, all stores together.</summary>
    long CachedBytes => 0;

    /// <summary>The names of all identities there are, opened or not, in ordinal order.</summary>
    ValueTask<IReadOnlyList<string>> NamesAsync(CancellationToken cancel);

    /// <summary>The identity of that name, opened when it was not; null when there is none.</summary>
    ValueTask<IIdentity?> FindAsync(string name, CancellationToken cancel);

    /// <summary>Makes an identity with keys of its own and an empty log, and opens it.</summary>
    /// <exception cref="IdentityRejectedException">There is one of that name, or the name can't be one.</exception>
    ValueTask<IIdentity> CreateAsync(string name, CancellationToken cancel);

    /// <summary>Where an identity answers Scuttlebutt programs: addresses as npm multiserver writes them.</summary>
    IReadOnlyList<string> AddressesOf(IIdentity identity) => [];
}
