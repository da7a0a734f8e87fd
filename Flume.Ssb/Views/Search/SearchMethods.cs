using System.Text;
using System.Text.RegularExpressions;
using Flume.Log;
using Flume.Query.Json;
using Flume.Ssb.Api;
using Flume.Ssb.Reading;
using Flume.Views.Store;

namespace Flume.Ssb.Views.Search;

/// <summary>The methods of the search view: full text, and images by name (docs/spec 3.8, 3.10).</summary>
internal static partial class SearchMethods
{
    private const string View = "search";

    internal static IEnumerable<ApiMethod> All =>
    [
        ApiMethod.Source(
            "search.query", Scope.Read, View, "{query, limit}: {key, value, rank} of messages with all words.",
            QueryAsync),
        ApiMethod.Sync("search.help", Scope.Read, null, "(): what search.query takes.", static _ => Help.Of("search")),
        ApiMethod.Async(
            "meme.search", Scope.Read, "links", "{query}: {blobId: [{name, author, msg}]} of images mentioned by name.",
            MemeMethod.SearchAsync),
    ];

    private static async IAsyncEnumerable<JsValue> QueryAsync(ApiCall call)
    {
        JsValue options = call.Arg(0);
        if (!options["query"].IsString) yield break;
        string[] words = NotWord().Split(options["query"].AsString.Trim());
        string[] terms = [.. words.Where(term => term.Length >= WordPrefixes.LengthMin)];
        if (terms.Length == 0) yield break;
        SearchRank rank = new();
        using (ViewRead read = await call.ReadAsync(View).ConfigureAwait(false))
        {
            MessageReader reader = new(call.Identity);
            IEnumerable<string> longTerms = terms.Where(term => term.Length > WordPrefixes.PrefixLength);
            byte[][] longer = [.. longTerms.Select(Encoding.ASCII.GetBytes)];
            foreach (long offset in Offsets(read, terms))
            {
                call.Cancelled.ThrowIfCancellationRequested();
                if (reader.TryOpened(new Offset(offset), out JsValue message)) Take(message, longer, rank);
            }
        }
        foreach (JsValue ranked in rank.Order(options["limit"])) yield return ranked;
    }

    /// <summary>
    /// For a term within the prefix length, the posting is sufficient. Longer terms are searched in the text.
    /// </summary>
    private static void Take(JsValue message, byte[][] longer, SearchRank rank)
    {
        if (MessageLinks.Of(message) is not { Fields.Text.IsTruthy: true } decoded) return;
        foreach (byte[] term in longer)
        {
            if (!HasWord(SearchView.TextOf(decoded), term)) return;
        }
        rank.Add(message, decoded);
    }

    /// <summary>
    /// The records that have a word with the first eight bytes of every term. This is a superset of the hits, computed
    /// from the rarest term on.
    /// </summary>
    private static IEnumerable<long> Offsets(ViewRead read, string[] terms)
    {
        PostingRange[] ranges =
            [.. terms.Select(WordRange.Of).OrderBy(range => read.Rows.Count(SearchView.ByWord, range))];
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

    /// <summary>
    /// Indexed words are lower case, but terms keep their case. Terms with capitals therefore never match.
    /// </summary>
    private static bool HasWord(ReadOnlySpan<byte> text, ReadOnlySpan<byte> term)
    {
        Span<byte> start = stackalloc byte[term.Length];
        for (WordPrefixes words = new(text); words.MoveNext();)
        {
            if (words.Word.Length < term.Length) continue;
            Ascii.ToLower(words.Word[..term.Length], start, out _);
            if (start.SequenceEqual(term)) return true;
        }
        return false;
    }

    [GeneratedRegex("[^A-Za-z0-9_]+")]
    private static partial Regex NotWord();
}
