using System.Text;
using System.Text.RegularExpressions;
using Flume.Api.Reading;
using Flume.Codec.Json;
using Flume.Primitives;
using Flume.Store;
using Flume.Views.Search;

namespace Flume.Api.Methods;

/// <summary>How the search view answers: full text, and images by name (spec.md 3.8, 3.10).</summary>
internal static partial class SearchMethods
{
    private const string View = "search";

    internal static IEnumerable<ApiMethod> All =>
    [
        ApiMethod.Source("search.query", View, "{query, limit}: {key, value, rank} of messages with all words.", QueryAsync),
        ApiMethod.Sync("search.help", null, "(): what search.query takes.", static _ => Help.Of("search")),
        ApiMethod.Async("meme.search", "links", "{query}: {blobId: [{name, author, msg}]} of images mentioned by name.",
            MemeMethod.SearchAsync),
    ];

    private static async IAsyncEnumerable<JsValue> QueryAsync(ApiCall call)
    {
        JsValue options = call.Arg(0);
        if (!options["query"].IsString) yield break;
        string[] terms = [.. NotWord().Split(options["query"].AsString.Trim()).Where(term => term.Length >= WordPrefixes.LengthMin)];
        if (terms.Length == 0) yield break;
        Dictionary<string, JsValue> hits = new(StringComparer.Ordinal);
        using (ViewRead read = await call.ReadAsync(View).ConfigureAwait(false))
        {
            foreach (JsValue message in Matching(call, read, terms))
            {
                if (message["key"].IsString) hits[message["key"].AsString] = message["value"];
            }
        }
        foreach (JsValue ranked in SearchRank.Order(hits, options["limit"])) yield return ranked;
    }

    private static IEnumerable<JsValue> Matching(ApiCall call, ViewRead read, string[] terms)
    {
        MessageReader reader = new(call.Identity);
        foreach (long offset in Offsets(read, terms))
        {
            call.Cancelled.ThrowIfCancellationRequested();
            if (!reader.TryOpened(new Offset(offset), out JsValue message)) continue;
            JsValue text = message["value"]["content"]["text"];
            if (text.IsTruthy && HasAll(JsCoercion.ToText(text), terms)) yield return message;
        }
    }

    /// <summary>
    /// Records that have a word with the first eight bytes of every term: a superset of the hits, rarest term first.
    /// </summary>
    private static IEnumerable<long> Offsets(ViewRead read, string[] terms)
    {
        PostingRange[] ranges = [.. terms.Select(Range).OrderBy(range => read.Rows.Count(SearchView.ByWord, range))];
        HashSet<long>? common = null;
        foreach (PostingRange range in ranges)
        {
            HashSet<long> found = [];
            using PostingCursor cursor = read.Rows.Read(SearchView.ByWord, range);
            while (cursor.MoveNext())
            {
                if (common is null || common.Contains(cursor.Current.Offset)) found.Add(cursor.Current.Offset);
            }
            common = found;
            if (common.Count == 0) break;
        }
        return common!.Order();
    }

    private static PostingRange Range(string term)
    {
        Span<byte> low = stackalloc byte[8], high = stackalloc byte[8];
        low.Clear();
        high.Fill(0xFF);
        int length = Math.Min(8, term.Length);
        Encoding.ASCII.GetBytes(term.AsSpan(0, length), low);
        Encoding.ASCII.GetBytes(term.AsSpan(0, length), high);
        return PostingRange.Between(new Posting(ToKey(low), 0, 0), new Posting(ToKey(high), ulong.MaxValue, long.MaxValue));
    }

    private static ulong ToKey(ReadOnlySpan<byte> bytes) => System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes);

    /// <summary>
    /// Words are compared as the index has them, in lower case; terms as they were typed, so capitals never match.
    /// </summary>
    private static bool HasAll(string text, string[] terms)
    {
        string[] words = [.. NotWord().Split(text).Where(word => word.Length >= WordPrefixes.LengthMin)
            .Select(word => word.ToLowerInvariant())];
        foreach (string term in terms)
        {
            if (!Array.Exists(words, word => word.StartsWith(term, StringComparison.Ordinal))) return false;
        }
        return true;
    }

    [GeneratedRegex("[^A-Za-z0-9_]+")]
    private static partial Regex NotWord();
}
