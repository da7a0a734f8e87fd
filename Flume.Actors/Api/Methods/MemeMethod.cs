using System.Text.RegularExpressions;
using Flume.Api.Reading;
using Flume.Codec.Json;
using Flume.Primitives;
using Flume.Store;
using Flume.Views.Links;

namespace Flume.Api.Methods;

/// <summary>meme.search: blobs that were mentioned under a name with all the words (npm ssb-meme).</summary>
internal static partial class MemeMethod
{
    private const int TermMin = 3;

    /// <summary><c>{blobId: [{name, author, msg}]}</c>.</summary>
    internal static async ValueTask<JsValue> SearchAsync(ApiCall call)
    {
        JsValue options = call.Arg(0), asked = options.IsString ? options : options["query"];
        if (!asked.IsString) throw ApiException.Parameter("meme.search takes {query: words}, a string.");
        string[] terms = [.. Space().Split(asked.AsString.ToLowerInvariant()).Where(term => term.Length >= TermMin)];
        JsObject found = new();
        if (terms.Length == 0) return JsValue.From(found);
        using ViewRead read = await call.ReadAsync("links").ConfigureAwait(false);
        PostingRange mentions = PostingRange.Exact(Candidates.Print("mentions"));
        foreach ((_, JsValue message) in new Candidates(call, read.Rows).Read(LinksView.ByField, mentions))
            Collect(message, terms, found);
        return JsValue.From(found);
    }

    private static void Collect(JsValue message, string[] terms, JsObject found)
    {
        foreach (FieldLink link in FieldLinkWalk.OfContent(message["value"]["content"]))
        {
            JsValue name = link.Object["name"];
            if (link.Field != "mentions" || !Ref.IsBlob(link.Dest) || !name.IsString) continue;
            string lower = name.AsString.ToLowerInvariant();
            if (!Array.TrueForAll(terms, term => lower.Contains(term, StringComparison.Ordinal))) continue;
            if (!found.TryGet(link.Dest, out JsValue list)) found.Set(link.Dest, list = JsValue.From(new JsArray()));
            list.AsArray.Add(JsValue.From(new JsObject().Set("name", name)
                .Set("author", message["value"]["author"]).Set("msg", message["key"])));
        }
    }

    [GeneratedRegex(@"[-._/~\s]")]
    private static partial Regex Space();
}
