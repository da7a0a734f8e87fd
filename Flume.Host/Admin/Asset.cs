namespace Flume.Host.Admin;

/// <summary>One file of the admin page, with its HTTP headers' values.</summary>
/// <param name="Bytes">The file's content.</param>
/// <param name="ContentType">Its media type.</param>
/// <param name="ETag">The entity tag of these bytes, in quotes.</param>
internal sealed record Asset(byte[] Bytes, string ContentType, string ETag);
