using Flume.Query.Json;

namespace Flume.Ssb.Tests.Api.Parity;

/// <summary>Random calls of ssb-db's own methods, of the about methods, of search and friends.</summary>
internal sealed class RandomStreams(Vocabulary words)
{
    private static readonly string[] Bounds = ["gt", "gte", "lt", "lte"];

    /// <summary>A request: <c>{method, args}</c>.</summary>
    public JsObject Next() => words.Next(20) switch
    {
        0 or 1 => Get(),
        2 or 3 => Call("createUserStream", Stream(words.Sequence).Set("id", words.Author())),
        4 => History(),
        5 => Call("createLogStream", Stream(words.Received)),
        6 => Call("createFeedStream", Stream(words.Claimed)),
        7 or 8 => ByType(),
        9 or 10 => Links(),
        11 => Raw(),
        12 => OneFeed(),
        13 or 14 or 15 => About(),
        16 => Search(),
        17 => Friends(),
        18 => Call("createLogStream", Raw()["args"][0].AsObject.Copy().Set("raw", JsValue.True)),
        _ => Wrong(),
    };

    /// <summary>A call that continues with live items.</summary>
    public JsObject Live()
    {
        JsObject options = words.Next(6) switch
        {
            0 => Stream(words.Sequence).Set("id", words.Author()),
            1 => new JsObject().Set("id", words.Author()).Set("seq", words.Sequence()),
            2 => Stream(words.Received).Set("type", words.Type()),
            3 => Links()["args"][0].AsObject.Copy(),
            4 => Stream(words.Claimed),
            _ => Stream(words.Received),
        };
        string method = !options["seq"].IsUndefined ? "createHistoryStream" : !options["id"].IsUndefined ? "createUserStream"
            : !options["type"].IsUndefined ? "messagesByType"
            : !options["source"].IsUndefined || !options["dest"].IsUndefined || !options["rel"].IsUndefined ? "links"
            : words.OneIn(2) ? "createFeedStream" : "createLogStream";
        foreach (string bound in Bounds) if (words.OneIn(2)) options.Remove(bound);
        options.Remove("reverse");
        return Call(method, Following(options));
    }

    /// <summary>The options with a live combination of <c>live</c>, <c>old</c> and <c>sync</c>.</summary>
    public JsObject Following(JsObject options)
    {
        if (words.OneIn(3)) options.Set("old", JsValue.False);
        if (options["old"].IsUndefined || words.OneIn(2)) options.Set("live", JsValue.True);
        if (words.OneIn(4)) options.Set("sync", JsValue.From(words.OneIn(2)));
        return options;
    }

    /// <summary>A call of a method with one argument.</summary>
    public static JsObject Call(string method, JsObject argument) => Call(method, JsValue.From(argument));

    /// <summary>A call of a method with these arguments.</summary>
    public static JsObject Call(string method, params JsValue[] args) =>
        new JsObject().Set("method", JsValue.From(method)).Set("args", JsValue.From(new JsArray(args)));

    private JsObject Get()
    {
        JsValue message = words.Message(), key = words.OneIn(30) ? words.Key() : message["key"];
        if (words.OneIn(4)) return Call("get", key);
        if (words.OneIn(6)) return Call("get", words.Offset());
        if (words.OneIn(8)) return Call("get", JsValue.From(message["key"].AsString + "?unbox=" + BoxOf(message)));
        if (words.OneIn(6)) return Call("get", new JsObject().Set("id", message["key"]).Set("private", JsValue.True)
            .Set("unbox", JsValue.From(BoxOf(message))));
        JsObject options = new JsObject().Set("id", words.OneIn(8) ? words.Offset() : key);
        foreach (string name in (string[])["private", "meta"])
            if (words.OneIn(2)) options.Set(name, words.Json(words.Pick("true", "true", "false", "1", "null")));
        return Call("get", options);
    }

    /// <summary>
    /// The key of a message's box or of another box. If the identity can decrypt the message, the given key is ignored.
    /// </summary>
    private string BoxOf(JsValue message)
    {
        if (message["value"]["unbox"] is { IsString: true } own && !words.OneIn(3)) return own.AsString;
        for (int tries = 0; tries < 100; tries++)
        {
            JsValue unbox = words.Message()["value"]["unbox"];
            if (unbox.IsString) return unbox.AsString;
        }
        return "AAAA";
    }

    private JsObject Stream(Func<JsValue> bound)
    {
        JsObject options = new();
        if (words.OneIn(3)) options.Set(words.Pick("gt", "gte"), bound());
        if (words.OneIn(3)) options.Set(words.Pick("lt", "lte"), bound());
        if (options.Count == 0 && words.OneIn(30)) options.Set(words.Pick(Bounds), JsValue.Null);
        if (words.OneIn(3)) options.Set("reverse", words.Json(words.Pick("true", "true", "false", "1", "0")));
        if (words.OneIn(3)) options.Set("limit", words.Json(words.Pick("0", "-1", "1", "2", "5", "1000")));
        if (words.OneIn(5)) options.Set("keys", words.Json(words.Pick("true", "false", "1")));
        if (words.OneIn(5)) options.Set("values", words.Json(words.Pick("true", "false", "1")));
        if (words.OneIn(3)) options.Set("private", words.Json(words.Pick("true", "false", "1")));
        if (words.OneIn(9)) options.Set("old", JsValue.True);
        if (words.OneIn(9)) options.Set("sync", words.Json(words.Pick("true", "false")));
        return options;
    }

    private JsObject History()
    {
        JsObject options = Stream(words.Sequence).Set("id", words.Author());
        if (words.OneIn(2)) options.Set("seq", words.Sequence());
        if (words.OneIn(4)) options.Set("sequence", words.Sequence());
        return words.OneIn(12) ? Call("createHistoryStream", words.Author(), words.Sequence(), JsValue.False)
            : Call("createHistoryStream", options);
    }

    private JsObject ByType() => words.OneIn(4) ? Call("messagesByType", words.Type())
        : Call("messagesByType", Stream(words.Received).Set("type", words.Type()));

    private JsObject Links()
    {
        JsObject options = new();
        if (words.OneIn(2)) options.Set("source", words.OneIn(4) ? words.Json("\"" + words.Pick("@", "feed", "%") + "\"") : words.Author());
        if (words.OneIn(2)) options.Set("dest", words.OneIn(3)
            ? words.Json("\"" + words.Pick("@", "%", "&", "feed", "msg", "blob") + "\"") : words.Link());
        if (words.OneIn(2) || options.Count == 0)
            options.Set("rel", JsValue.From(words.Pick("mentions", "vote", "contact", "about", "root", "branch", "image", "none")));
        foreach (string name in (string[])["keys", "values", "meta", "private", "reverse"])
            if (words.OneIn(4)) options.Set(name, JsValue.From(words.OneIn(2)));
        // JavaScript shows decrypted bare values to every caller; Flume does not (docs/compatibility.md, C11).
        if (options["values"].IsTruthy && options["meta"] is { IsBoolean: true, AsBoolean: false }) options.Set("private", JsValue.True);
        if (words.OneIn(8)) options.Set("limit", JsValue.From(2));
        return Call("links", options);
    }

    private JsObject Raw()
    {
        JsObject options = new();
        JsValue low = words.Offset(), high = words.Offset();
        if (low.AsNumber > high.AsNumber) (low, high) = (high, low);
        if (words.OneIn(3)) options.Set(words.Pick("gt", "gte"), low);
        if (words.OneIn(3) && low.AsNumber < high.AsNumber) options.Set(words.Pick("lt", "lte"), high);
        if (words.OneIn(3)) options.Set("reverse", JsValue.True);
        if (words.OneIn(2)) options.Set("limit", words.Json(words.Pick("-1", "1", "3", "7")));
        return Call("createRawLogStream", options);
    }

    private JsObject OneFeed()
    {
        string method = words.Pick("getLatest", "latestSequence", "getVectorClock", "latest", "getFeedState", "whoami", "version");
        return method is "getLatest" or "latestSequence" or "getFeedState" ? Call(method, words.Author()) : Call(method);
    }

    private JsObject About()
    {
        JsValue dest = words.OneIn(3) ? words.Link() : words.OneIn(3) ? words.Key() : words.Author();
        string key = words.Pick("name", "image", "description", "title", "location", "startDateTime", "attendee");
        JsObject options = new JsObject().Set("dest", dest);
        switch (words.Next(5))
        {
            case 0: return Call("about.latestValues", options.Set("keys", words.Json("[\"name\",\"image\",\"" + key + "\"]")));
            case 1:
                if (words.OneIn(2)) options.Set("reverse", JsValue.True);
                if (words.OneIn(2)) options.Set("limit", JsValue.From(1 + words.Next(4)));
                return Call("about.read", options);
            default:
                return Call("about." + words.Pick("socialValue", "socialValues", "latestValue"), options.Set("key", JsValue.From(key)));
        }
    }

    private JsObject Search()
    {
        JsObject options = new JsObject().Set("query", JsValue.From(words.Words(1 + words.Next(3))));
        if (words.OneIn(3)) options.Set("limit", JsValue.From(words.Next(6)));
        return Call("search.query", options);
    }

    private JsObject Friends()
    {
        JsObject two = new JsObject().Set("source", words.Author()).Set("dest", words.Author());
        JsObject hops = new();
        if (words.OneIn(2)) hops.Set("start", words.Author());
        if (words.OneIn(2)) hops.Set("max", JsValue.From(1 + words.Next(3)));
        if (words.OneIn(3)) hops.Set("reverse", JsValue.True);
        switch (words.Next(4))
        {
            case 0: return Call("friends.hops", hops);
            case 1:
                if (words.OneIn(3)) two.Remove("source");
                if (words.OneIn(3)) two.Remove("dest");
                return Call("friends.get", two);
            default: return Call(words.Pick("friends.isFollowing", "friends.isBlocking"), two);
        }
    }

    /// <summary>Parameters that the validators reject.</summary>
    private JsObject Wrong()
    {
        string method = words.Pick("get", "createUserStream", "createHistoryStream", "createLogStream", "createFeedStream",
            "messagesByType", "links", "getLatest", "latestSequence", "getFeedState", "add", "publish", "del");
        JsValue argument = words.Json(words.Pick("null", "false", "0", "\"\"", "\"x\"", "5", "true", "{}", "{\"live\":\"x\"}",
            "{\"reverse\":\"x\"}", "{\"keys\":\"x\"}", "{\"values\":[]}", "{\"limit\":\"x\"}", "{\"id\":5}", "{\"seq\":\"x\"}",
            "{\"type\":5}", "{\"source\":\"x\"}", "{\"dest\":\"y\"}", "{\"rel\":5}", "{\"keys\":false,\"meta\":false}",
            "{\"content\":5}", "{\"content\":{}}", "{\"content\":{\"type\":\"x\"}}", "{\"content\":\"x\",\"author\":\"@x\"}"));
        if (argument.IsObject && words.OneIn(2)) argument = JsValue.From(argument.AsObject.Copy().Set("id", words.Author()));
        return words.OneIn(8) ? Call(method) : Call(method, argument);
    }
}
