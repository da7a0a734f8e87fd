using System.Text;
using Flume.Log;
using Flume.Query.Json;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;
using Flume.Ssb.Reading;

namespace Flume.Ssb.Blobs;

/// <summary>Removes the blobs of an identity that no message of its log names.</summary>
/// <remarks>
/// 1. A message names a blob if the id is anywhere in its text, private text included. So a link with a query counts.
/// 2. A blob that is younger than the minimum age stays, because the message that names it may follow.
/// </remarks>
internal static class BlobGarbage
{
    private static readonly byte[] Suffix = ".sha256"u8.ToArray();
    private const int DigestLength = 44;

    /// <summary>Removes the unnamed blobs.</summary>
    /// <param name="call">The call, with the identity.</param>
    /// <param name="olderThan">The minimum age of a removed blob.</param>
    /// <param name="isInUse">True for a blob that stays for another reason.</param>
    /// <param name="isDry">True to remove nothing and report only.</param>
    public static BlobSweep Collect(ApiCall call, TimeSpan olderThan, Func<string, bool> isInUse, bool isDry)
    {
        BlobStore store = BlobStores.Of(call.Identity);
        long before = DateTimeOffset.UtcNow.Subtract(olderThan).ToUnixTimeMilliseconds();
        Dictionary<string, long> unnamed = new(StringComparer.Ordinal);
        int count = 0;
        foreach (BlobMeta blob in store.All())
        {
            count++;
            if (blob.Time <= before && !isInUse(blob.Id)) unnamed[blob.Id] = blob.Size;
        }

        RemoveNamed(call, unnamed);
        foreach (string id in isDry ? [] : unnamed.Keys.ToArray())
        {
            if (!store.Remove(id)) unnamed.Remove(id);
        }

        return new BlobSweep(unnamed.Count, unnamed.Values.Sum(), count - unnamed.Count);
    }

    private static void RemoveNamed(ApiCall call, Dictionary<string, long> ids)
    {
        MessageReader reader = new(call.Identity);
        LogCursor cursor = call.Identity.Log.Read(LogRange.All);
        while (ids.Count > 0 && cursor.MoveNext())
        {
            call.Cancelled.ThrowIfCancellationRequested();
            LogRecord record = cursor.Current;
            if (record.Deleted) continue;
            ReadOnlySpan<byte> text = record.Payload.Span;
            RemoveNamed(text, ids);

            // An escaped id and the text of a box are only visible in the parsed message.
            bool hides = text.IndexOf(".box"u8) >= 0 || text.IndexOf("\\u00"u8) >= 0 || text.IndexOf("\\/"u8) >= 0;
            if (hides && reader.TryOpened(record.Offset, out JsValue message))
                RemoveNamed(Encoding.UTF8.GetBytes(message.ToJson()), ids);
        }
    }

    private static void RemoveNamed(ReadOnlySpan<byte> text, Dictionary<string, long> ids)
    {
        for (int at; (at = text.IndexOf(Suffix)) >= 0; text = text[(at + Suffix.Length)..])
        {
            int start = at - DigestLength - 1;
            if (start >= 0 && text[start] == '&')
                ids.Remove(Encoding.UTF8.GetString(text[start..(at + Suffix.Length)]));
        }
    }
}

/// <summary>The outcome of a collection.</summary>
/// <param name="Removed">The number of removed blobs; in a dry run, of those that would be removed.</param>
/// <param name="Bytes">Their size in bytes.</param>
/// <param name="Kept">The number of the other blobs.</param>
internal sealed record BlobSweep(int Removed, long Bytes, int Kept);
