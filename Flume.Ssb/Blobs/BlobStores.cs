using Flume.Ssb.Api;

namespace Flume.Ssb.Blobs;

/// <summary>Maps each identity to its blob store.</summary>
public static class BlobStores
{
    /// <summary>The blob store of an identity.</summary>
    public static BlobStore Of(IIdentity identity) =>
        identity.Services.Get(() => new BlobStore(Path.Combine(identity.Directory, "blobs")));
}
