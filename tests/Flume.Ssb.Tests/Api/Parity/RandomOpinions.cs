using Flume.Query.Json;

namespace Flume.Ssb.Tests.Api.Parity;

/// <summary>Random live streams of the about methods, both friends plugins and private.read.</summary>
internal sealed class RandomOpinions(Vocabulary words)
{
    private readonly RandomPlugins _plugins = new(words);

    /// <summary>
    /// A live call: <c>{method, args}</c>, and <c>theirs</c> if the peer mounts the plugin under another name.
    /// </summary>
    public JsObject Live() => words.Next(9) switch
    {
        0 => Call("about.read", About(key: false).Set("live", JsValue.True)),
        1 or 2 => Call("about.socialValueStream", About()),
        3 => Call("about.socialValuesStream", About()),
        4 => Call("about.latestValueStream", words.OneIn(3) ? About().Set("authorId", words.Author()) : About()),
        5 => Call("private.read", _plugins.Private().Set("live", JsValue.True)),
        6 => Friends5("graphStream"),
        7 => Friends5("hopStream"),
        _ => words.OneIn(2) ? RandomStreams.Call("friends.stream") : Call("friends.createFriendStream", FriendStream()),
    };

    private JsObject About(bool key = true)
    {
        JsObject options = new JsObject().Set("dest", words.OneIn(4) ? words.Link() : words.Author());
        return key ? options.Set("key", JsValue.From(words.Pick("name", "name", "image", "description", "title"))) : options;
    }

    private JsObject Friends5(string method)
    {
        JsObject options = new();
        if (words.OneIn(2)) options.Set("old", JsValue.From(words.OneIn(2)));
        if (words.OneIn(3)) options.Set("live", JsValue.True);
        return Call($"friends.{method}", options).Set("theirs", JsValue.From($"friends5.{method}"));
    }

    private JsObject FriendStream()
    {
        JsObject options = new JsObject().Set("live", JsValue.True);
        if (words.OneIn(2)) options.Set("meta", JsValue.True);
        if (words.OneIn(3)) options.Set("old", JsValue.From(words.OneIn(2)));
        return options;
    }

    private static JsObject Call(string method, JsObject options) => RandomStreams.Call(method, options);
}
