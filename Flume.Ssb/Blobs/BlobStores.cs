using System.Runtime.CompilerServices;
using Flume.Ssb.Api;

namespace Flume.Ssb.Blobs;

/// <summary>Maps each identity to its blob store.</summary>
public static class BlobStores
{
    private static readonly ConditionalWeakTable<IIdentity, BlobStore> Stores = [];

    /// <summary>The blob store of an identity.</summary>
    public static BlobStore Of(IIdentity identity) =>
        Stores.GetValue(identity, static identity => new BlobStore(Path.Combine(identity.Directory, "blobs")));
}
