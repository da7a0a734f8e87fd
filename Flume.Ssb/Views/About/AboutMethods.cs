using System.Text;
using Flume.Query.Json;
using Flume.Ssb.Api;
using Flume.Ssb.Messages;
using Flume.Ssb.Queries;
using Flume.Ssb.Reading;
using Flume.Ssb.Views.Backlinks;
using Flume.Views.Store;

namespace Flume.Ssb.Views.About;

/// <summary>The API of the about view: the names and images of feeds, messages and blobs (docs/spec 3.6).</summary>
internal static class AboutMethods
{
    private const string View = "about";

    internal static IEnumerable<ApiMethod> All =>
    [
        ApiMethod.Async(
            "about.socialValue", Scope.Read, View, "{key, dest}: the value you, its owner or most people gave.",
            SocialValue),
        ApiMethod.Async("about.socialValues", Scope.Read, View, "{key, dest}: {author: the last value that each gave}.",
            async call => JsValue.From(await ValuesAsync(call).ConfigureAwait(false))),
        ApiMethod.Async(
            "about.latestValue", Scope.Read, View, "{key, dest}: the value given last by anyone.", LatestValue),
        ApiMethod.Async(
            "about.latestValues", Scope.Read, View, "{keys, dest}: {key: the value given last by anyone}.",
            LatestValues),
        ApiMethod.Source(
            "about.read", Scope.Read, "backlinks", "{dest, reverse, limit, live, old}: the about messages of a dest.",
            Read),
        ApiMethod.Source(
            "about.socialValueStream", Scope.Read, View, "{key, dest}: socialValue, then each change.",
            SocialValueStream),
        ApiMethod.Source(
            "about.socialValuesStream", Scope.Read, View, "{key, dest}: socialValues, then {author: value} changes.",
            SocialValuesStream),
        ApiMethod.Source(
            "about.latestValueStream", Scope.Read, View, "{key, dest, authorId}: latestValue, then each change.",
            LatestValueStream),
    ];

    private static async ValueTask<JsValue> SocialValue(ApiCall call)
    {
        string? owner = await OwnerAsync(call).ConfigureAwait(false);
        return AboutValues.Social(await ValuesAsync(call).ConfigureAwait(false), call.Identity.Keys?.Id, owner);
    }

    private static async ValueTask<JsObject> ValuesAsync(ApiCall call)
    {
        string key = Key(call);
        JsObject values = new();
        using ViewRead read = await call.ReadAsync(View).ConfigureAwait(false);
        foreach (JsValue message in Messages(call, read, reverse: false))
        {
            JsValue value = message["value"], given = value["content"][key];
            if (given.IsTruthy && value["author"].IsString) values.Set(value["author"].AsString, given);
        }
        return values;
    }

    private static async ValueTask<JsValue> LatestValue(ApiCall call)
    {
        string key = Key(call);
        using ViewRead read = await call.ReadAsync(View).ConfigureAwait(false);
        foreach (JsValue message in Messages(call, read, reverse: true))
        {
            JsValue given = message["value"]["content"][key];
            if (!given.IsUndefined && !given["remove"].IsTruthy) return given;
        }
        return JsValue.Null;
    }

    private static async ValueTask<JsValue> LatestValues(ApiCall call)
    {
        JsValue keys = call.Arg(0)["keys"];
        if (!keys.IsArray)
            throw ApiException.Parameter($"about.latestValues takes {{keys: [names], dest}}; keys was {keys}.");
        HashSet<string> wanted = [.. keys.AsArray.Where(key => key.IsString).Select(key => key.AsString)];
        JsObject values = new();
        using ViewRead read = await call.ReadAsync(View).ConfigureAwait(false);
        foreach (JsValue message in Messages(call, read, reverse: true))
        {
            foreach ((string name, JsValue given) in message["value"]["content"].AsObject)
            {
                if (wanted.Contains(name) && values[name].IsUndefined && !given["remove"].IsTruthy)
                    values.Set(name, given);
            }
            if (values.Count == wanted.Count) break;
        }
        return JsValue.From(values);
    }

    /// <summary>Reads as npm ssb-social-index does through ssb-backlinks, without the option <c>old</c>.</summary>
    private static IAsyncEnumerable<JsValue> Read(ApiCall call)
    {
        JsValue given = call.Arg(0), dest = JsValue.From(Dest(call));
        JsObject content = new JsObject().Set("type", JsValue.From("about")).Set("about", dest);
        JsObject filter = new JsObject().Set("dest", dest)
            .Set("value", JsValue.From(new JsObject().Set("content", JsValue.From(content))));
        JsObject stage = new JsObject().Set("$filter", JsValue.From(filter));
        return QueryRun.Run(call, BacklinksModel.Instance, JsValue.From(new JsObject()
            .Set("reverse", given["reverse"]).Set("live", given["live"]).Set("limit", given["limit"])
            .Set("query", JsValue.From(new JsArray().Add(JsValue.From(stage))))));
    }

    private static async IAsyncEnumerable<JsValue> SocialValueStream(ApiCall call)
    {
        string? owner = await OwnerOrNullAsync(call).ConfigureAwait(false) ?? Dest(call);
        AboutValues values = new(Key(call));
        await foreach (JsValue item in Live(call).ConfigureAwait(false))
        {
            if (values.Take(item)) yield return AboutValues.Social(values.All, call.Identity.Keys?.Id, owner);
        }
    }

    private static async IAsyncEnumerable<JsValue> SocialValuesStream(ApiCall call)
    {
        AboutValues values = new(Key(call));
        await foreach (JsValue item in Live(call).ConfigureAwait(false))
        {
            if (!values.Take(item)) continue;
            yield return item["sync"].IsTruthy ? JsValue.From(values.All.Copy()) : JsValue.From(new JsObject()
                .Set(item["value"]["author"].AsString, item["value"]["content"][Key(call)]));
        }
    }

    private static async IAsyncEnumerable<JsValue> LatestValueStream(ApiCall call)
    {
        JsValue author = call.Arg(0)["authorId"];
        AboutValues values = new(Key(call));
        await foreach (JsValue item in Live(call).ConfigureAwait(false))
        {
            if (!values.Take(item)) continue;
            JsValue latest = author.IsString ? values.Of(author.AsString) : values.Latest;
            if (!latest.IsUndefined) yield return latest;
        }
    }

    private static IAsyncEnumerable<JsValue> Live(ApiCall call) =>
        MessageStream.Run(call, Plan(call), new StreamOptions { Live = true, Private = true });

    private static StreamPlan Plan(ApiCall call)
    {
        string dest = Dest(call);
        return new StreamPlan(View, AboutView.ByDest, PostingRange.Exact(Candidates.Print(dest)),
            message => IsAbout(message, dest))
        { Format = static message => message };
    }

    private static IEnumerable<JsValue> Messages(ApiCall call, ViewRead read, bool reverse)
    {
        string dest = Dest(call);
        PostingRange range = PostingRange.Exact(Candidates.Print(dest));
        foreach ((_, JsValue message) in new Candidates(call, read.Rows).Read(AboutView.ByDest, range, reverse))
        {
            if (IsAbout(message, dest)) yield return message;
        }
    }

    private static bool IsAbout(JsValue message, string dest)
    {
        JsValue content = message["value"]["content"], about = content["about"], type = content["type"];
        return about.IsString && about.AsString == dest && type.IsString && type.AsString == "about";
    }

    /// <summary>No message is about a dest or key that is not a string.</summary>
    private static string Dest(ApiCall call) => Text(call.Arg(0)["dest"]);

    private static string Key(ApiCall call) => Text(call.Arg(0)["key"]);

    private static string Text(JsValue value) => value.IsString ? value.AsString : "";

    /// <summary>The owner of the dest: the feed itself, or the author of the message; null otherwise.</summary>
    private static async ValueTask<string?> OwnerAsync(ApiCall call)
    {
        string dest = Dest(call);
        if (Ref.IsFeed(dest)) return dest;
        if (!Ref.IsMessage(dest)) return null;
        JsValue message = await MessageByKey.GetAsync(call, dest).ConfigureAwait(false);
        return message["value"]["author"].AsString;
    }

    private static async ValueTask<string?> OwnerOrNullAsync(ApiCall call)
    {
        try
        {
            return await OwnerAsync(call).ConfigureAwait(false);
        }
        catch (ApiException)
        {
            return null;
        }
    }
}
