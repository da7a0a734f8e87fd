using Flume.Query.Json;
using Flume.Ssb.Messages;

namespace Flume.Ssb.Tests.Api.Parity;

/// <summary>Random calls of plugins that ssb-server lacks: ssb-friends 5, ssb-private, ssb-tangle, ssb-meme.</summary>
internal sealed class RandomPlugins(Vocabulary words)
{
    /// <summary>
    /// A request: <c>{method, args}</c>, and <c>theirs</c> if the peer mounts the plugin under another name.
    /// </summary>
    public JsObject Next() => words.Next(5) switch
    {
        0 => Friends(),
        1 => RandomStreams.Call("private.read", Private()),
        2 => RandomStreams.Call("private.unbox", Boxed()),
        3 => RandomStreams.Call("tangle.branch", words.OneIn(20) ? words.Author() : Root()),
        _ => RandomStreams.Call("meme.search", new JsObject().Set("query", JsValue.From(Name()))),
    };

    private JsObject Friends()
    {
        string method = words.Pick("graph", "hops", "isFollowing", "isBlocking", "graphStream", "hopStream");
        JsObject options = new();
        if (method == "hops")
        {
            if (words.OneIn(2)) options.Set("start", words.Author());
            if (words.OneIn(2)) options.Set("max", JsValue.From(1 + words.Next(3)));
            if (words.OneIn(3)) options.Set("reverse", JsValue.True);
        }
        else if (method.StartsWith("is", StringComparison.Ordinal))
        {
            options.Set("source", words.Author()).Set("dest", words.Author());
            if (words.OneIn(2)) options.Set("details", JsValue.True);
        }
        JsObject call = method == "graph" ? RandomStreams.Call("friends.graph")
            : RandomStreams.Call($"friends.{method}", method.EndsWith("Stream", StringComparison.Ordinal) ? options.Set("live", JsValue.False) : options);
        return call.Set("theirs", JsValue.From($"friends5.{method}"));
    }

    /// <summary>
    /// Always filters by a field of ssb-private's indexes. Without one, ssb-private returns all records of the log.
    /// </summary>
    public JsObject Private()
    {
        JsObject value = new(), filter = new();
        if (words.OneIn(2)) value.Set("author", words.Author());
        if (words.OneIn(2)) value.Set("content", JsValue.From(new JsObject().Set("type", words.Type())));
        if (value.Count > 0) filter.Set("value", JsValue.From(value));
        if (value["author"].IsUndefined || words.OneIn(3))
            filter.Set("timestamp", JsValue.From(new JsObject().Set(words.Pick("$gt", "$lt", "$gte", "$lte"), words.Received())));
        JsArray query = new JsArray().Add(JsValue.From(new JsObject().Set("$filter", JsValue.From(filter))));
        JsObject options = new JsObject().Set("query", JsValue.From(query));
        if (words.OneIn(3)) options.Set("reverse", JsValue.True);
        if (words.OneIn(3)) options.Set("limit", JsValue.From(1 + words.Next(5)));
        return options;
    }

    /// <summary>A box of the log, for this identity or another, alone or in its message.</summary>
    private JsValue Boxed()
    {
        for (int tries = 0; tries < 200; tries++)
        {
            JsValue message = MessageView.Original(words.Message());
            if (message["value"]["content"].IsString) return words.OneIn(2) ? message["value"]["content"] : message;
        }
        return JsValue.From("AAAA.box");
    }

    private JsValue Root()
    {
        for (int tries = 0; tries < 40; tries++)
        {
            JsValue root = words.Message()["value"]["content"]["root"];
            if (root.IsString && root.AsString.StartsWith('%')) return root;
        }
        return words.Key();
    }

    /// <summary>A word of a blob's name, or a prefix of one.</summary>
    private string Name()
    {
        for (int tries = 0; tries < 400; tries++)
        {
            JsValue mentions = words.Message()["value"]["content"]["mentions"];
            if (!mentions.IsArray || mentions.AsArray.Count == 0) continue;
            JsValue mention = words.Pick([.. mentions.AsArray]);
            // ssb-meme's search never ends if no term has three ASCII letters.
            if (mention["name"] is not { IsString: true } name || !name.AsString.Split(' ', '.', '-').Any(IsTerm)) continue;
            string term = name.AsString.Split(' ', '.', '-').First(IsTerm);
            return words.OneIn(2) ? name.AsString : term[..Math.Max(3, term.Length / 2)];
        }
        return "picture";
    }

    private static bool IsTerm(string text) => text.Length >= 3 && text.All(char.IsAsciiLetterOrDigit);
}
