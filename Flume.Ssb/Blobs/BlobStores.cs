using System.Runtime.CompilerServices;
using Flume.Ssb.Api;

namespace Flume.Ssb.Blobs;

/// <summary>The one blob store of each identity.</summary>
public static class BlobStores
{
    private static readonly ConditionalWeakTable<IIdentity, BlobStore> Stores = [];

    /// <summary>The store in the identity's folder.</summary>
    public static BlobStore Of(IIdentity identity) =>
        Stores.GetValue(identity, static identity => new BlobStore(Path.Combine(identity.Directory, "blobs")));
}
