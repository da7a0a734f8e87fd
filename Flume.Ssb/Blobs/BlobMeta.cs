namespace Flume.Ssb.Blobs;

/// <summary>A blob that is here.</summary>
/// <param name="Id">Its id: <c>&amp;….sha256</c>.</param>
/// <param name="Size">Bytes of it.</param>
/// <param name="Time">When it came, in milliseconds of Unix time; 0 for the empty blob, which is always here.</param>
public sealed record BlobMeta(string Id, long Size, long Time);
