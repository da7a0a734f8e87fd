using System.Buffers;
using Flume.Log;
using Flume.Query.Json;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;

namespace Flume.Ssb.Blobs;

/// <summary>Reads a blob or a slice of it, in pieces.</summary>
internal static class BlobReads
{
    private const int PieceBytes = 64 * 1024;

    /// <summary>The id in a parameter: a string, or an object with an id.</summary>
    /// <exception cref="ApiException">The parameter has no id.</exception>
    internal static string IdOf(JsValue given)
    {
        JsValue id = IdIn(given);
        return id.IsString && Ref.IsBlob(id.AsString)
            ? id.AsString
            : throw ApiException.Error($"invalid id:{JsCoercion.ToText(id)}");
    }

    /// <summary>The whole blob.</summary>
    internal static IAsyncEnumerable<ReadOnlyMemory<byte>> Get(ApiCall call) =>
        Read(call, IdToRead(call.Arg(0), "get"), (0, long.MaxValue));

    /// <summary>From <c>start</c> (inclusive) to <c>end</c> (exclusive).</summary>
    internal static IAsyncEnumerable<ReadOnlyMemory<byte>> GetSlice(ApiCall call) =>
        Read(call, IdToRead(call.Arg(0), "getSlice"), (Bound(call, "start"), Bound(call, "end")));

    private static long Bound(ApiCall call, string name)
    {
        JsValue bound = call.Arg(0)[name];
        return bound is { IsNumber: true, AsNumber: >= 0 and <= Offset.Max }
            ? (long)bound.AsNumber
            : throw ApiException.Error($"multiblob.getSlice: {{{name}}} must be a number");
    }

    /// <summary>The id of the blob to read. JavaScript reports a missing one with the name of its module.</summary>
    private static string IdToRead(JsValue given, string method)
    {
        JsValue id = IdIn(given);
        return id.IsString && Ref.IsBlob(id.AsString)
            ? id.AsString
            : throw ApiException.Error($"multiblob.{method}: {{id}} is mandatory");
    }

    private static JsValue IdIn(JsValue given) => given.IsString ? given
        : given["id"].IsTruthy ? given["id"]
        : given["key"].IsTruthy ? given["key"] : given["hash"];

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> Read(ApiCall call, string id, (long At, long End) range)
    {
        (long start, long end) = range;
        using Stream blob = BlobStores.Of(call.Identity).Open(id) ?? throw ApiException.Error("could not get blob");
        RequireLength(call.Arg(0), id, blob.Length);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            if (start > 0) blob.Seek(start, SeekOrigin.Begin);
            for (long at = start; at < end;)
            {
                int room = (int)Math.Min(buffer.Length, end - at);
                int read = await blob.ReadAsync(buffer.AsMemory(0, room), call.Cancelled).ConfigureAwait(false);
                if (read == 0) yield break;
                at += read;
                yield return buffer.AsMemory(0, read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>A caller can require the exact length or the maximum length of a blob.</summary>
    private static void RequireLength(JsValue options, string id, long length)
    {
        JsValue size = options["size"], max = options["max"];
        bool fits = (!size.IsNumber || size.AsNumber == length) && (!max.IsNumber || max.AsNumber >= length);
        if (fits) return;
        throw ApiException.Error(
            $"incorrect file length, requested:{JsCoercion.ToText(size)} file was:{length} for file:{id}");
    }
}
