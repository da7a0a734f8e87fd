namespace Flume.Host.Admin;

/// <summary>One file of the admin page, as it is sent.</summary>
/// <param name="Bytes">What it holds.</param>
/// <param name="ContentType">Its media type.</param>
/// <param name="ETag">Names these very bytes, in quotes as HTTP has it.</param>
internal sealed record Asset(byte[] Bytes, string ContentType, string ETag);
