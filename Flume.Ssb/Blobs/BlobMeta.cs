namespace Flume.Ssb.Blobs;

/// <summary>The metadata of a stored blob.</summary>
/// <param name="Id">The id: <c>&amp;….sha256</c>.</param>
/// <param name="Size">The size in bytes.</param>
/// <param name="Time">The time of storage in milliseconds of Unix time. It is 0 for the empty blob, which always
/// exists.</param>
public sealed record BlobMeta(string Id, long Size, long Time);
