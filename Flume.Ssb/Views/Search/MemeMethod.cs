using System.Text.RegularExpressions;
using Flume.Log;
using Flume.Log.Primitives;
using Flume.Query.Json;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;
using Flume.Ssb.Reading;
using Flume.Ssb.Views.Links;
using Flume.Views.Store;

namespace Flume.Ssb.Views.Search;

/// <summary>
/// meme.search: finds blobs mentioned under a name that has all the words (npm ssb-meme, flumeview-search).
/// </summary>
/// <remarks>
/// A message matches if each query term is a prefix of a word in its blob names. Image file extensions do not count.
/// The result has those blobs of the message whose own name contains every term.
/// </remarks>
internal static partial class MemeMethod
{
    private const int TermMin = 3;

    /// <summary>
    /// Returns <c>{blobId: [{name, author, msg}]}</c>. The names of one blob are ordered by their words, the newest
    /// first.
    /// </summary>
    internal static async ValueTask<JsValue> SearchAsync(ApiCall call)
    {
        JsValue options = call.Arg(0), asked = options.IsString ? options : options["query"];
        if (!asked.IsString) throw ApiException.Parameter("meme.search takes {query: words}, a string.");
        string query = LowerCase.Of(asked.AsString);
        string[] starts = [.. NoWord().Split(query).Where(term => term.Length >= TermMin)];
        string[] parts = [.. Space().Split(query).Where(term => term.Length >= TermMin)];
        JsObject found = new();
        if (starts.Length == 0) return JsValue.From(found);
        using ViewRead read = await call.ReadAsync("links").ConfigureAwait(false);
        PostingRange fewest = starts.Select(WordRange.Of).MinBy(range => read.Rows.Count(LinksView.ByBlobWord, range));
        HashSet<Offset> seen = [];
        List<(string Word, long Offset, JsValue Message)> hits = [];
        foreach ((Offset offset, JsValue message) in new Candidates(call, read.Rows).Read(LinksView.ByBlobWord, fewest))
        {
            if (seen.Add(offset) && Hit(message, starts) is { } word) hits.Add((word, offset.Value, message));
        }

        foreach ((_, _, JsValue message) in hits
            .OrderBy(hit => hit.Word, StringComparer.Ordinal)
            .ThenByDescending(hit => hit.Offset))
            Collect(message, parts, found);
        return JsValue.From(found);
    }

    /// <summary>The first word with the last term as prefix, if every term matches; otherwise null.</summary>
    private static string? Hit(JsValue message, string[] starts)
    {
        string text = string.Join(
            ' ', Names(message).Select(mention => Space().Replace(Image().Replace(mention.Name, ""), " ")));
        string[] words = [.. Word().Matches(text).Select(match => match.Value.ToLowerInvariant())
            .Where(word => word.Length >= TermMin).Order(StringComparer.Ordinal)];
        string? first = null;
        foreach (string start in starts)
        {
            first = Array.Find(words, word => word.StartsWith(start, StringComparison.Ordinal));
            if (first is null) return null;
        }

        return first;
    }

    private static void Collect(JsValue message, string[] parts, JsObject found)
    {
        foreach ((string link, string name) in Names(message))
        {
            string lower = LowerCase.Of(name);
            if (!Array.TrueForAll(parts, part => lower.Contains(part, StringComparison.Ordinal))) continue;
            if (!found.TryGet(link, out JsValue list)) found.Set(link, list = JsValue.From(new JsArray()));
            list.AsArray.Add(JsValue.From(new JsObject().Set("name", JsValue.From(name))
                .Set("author", message["value"]["author"]).Set("msg", message["key"])));
        }
    }

    /// <summary>The blobs mentioned in a message, with their names.</summary>
    private static IEnumerable<(string Link, string Name)> Names(JsValue message)
    {
        JsValue mentions = message["value"]["content"]["mentions"];
        foreach (JsValue mention in mentions.IsArray ? mentions.AsArray : (IEnumerable<JsValue>)[mentions])
        {
            if (mention["link"] is not { IsString: true } link || mention["name"] is not { IsString: true } name)
                continue;
            if (Ref.IsBlob(link.AsString) && name.AsString.Length >= TermMin)
                yield return (link.AsString, name.AsString);
        }
    }

    [GeneratedRegex(@"[-._/~\s]")]
    private static partial Regex Space();

    [GeneratedRegex(@"[^A-Za-z0-9_]+")]
    private static partial Regex NoWord();

    [GeneratedRegex(@"[A-Za-z0-9_]+")]
    private static partial Regex Word();

    [GeneratedRegex(@"\.(jpg|jpeg|png|gif|bmp|svg)$", RegexOptions.IgnoreCase)]
    private static partial Regex Image();
}
