using Flume.Query.Json;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;
using Flume.Ssb.Reading;
using Flume.Views.Store;

namespace Flume.Ssb.Views.Backlinks;

/// <summary>Threads: the messages without an answer in their thread (docs/spec 3.10).</summary>
internal static class TangleMethods
{
    private const string View = "backlinks";

    internal static IEnumerable<ApiMethod> All =>
    [
        ApiMethod.Async(
            "tangle.branch", Scope.Read, View, "(rootId): the sorted keys of a thread's heads.", BranchAsync),
    ];

    private static async ValueTask<JsValue> BranchAsync(ApiCall call)
    {
        JsValue root = call.Arg(0);
        if (!root.IsString || !Ref.IsMessage(root.AsString))
            throw ApiException.Error("getBranch requires a valid message");
        HashSet<string> keys = new(StringComparer.Ordinal) { root.AsString };
        HashSet<string> answered = new(StringComparer.Ordinal);
        using ViewRead read = await call.ReadAsync(View).ConfigureAwait(false);
        PostingRange range = PostingRange.Exact(Candidates.Print(root.AsString));
        foreach ((_, JsValue message) in new Candidates(call, read.Rows).Read(BacklinksView.ByReceived, range))
        {
            JsValue content = message["value"]["content"];
            if (!JsValue.StrictEquals(content["root"], root) || !message["key"].IsString) continue;
            keys.Add(message["key"].AsString);
            // An author's next message refers to the previous one, which counts as an answer.
            if (message["value"]["previous"] is { IsString: true } previous) answered.Add(previous.AsString);
            foreach (string dest in ContentLinks.Of(content)) answered.Add(dest);
        }
        keys.ExceptWith(answered);
        return JsValue.From(new JsArray(keys.Order(StringComparer.Ordinal).Select(key => JsValue.From(key))));
    }
}
