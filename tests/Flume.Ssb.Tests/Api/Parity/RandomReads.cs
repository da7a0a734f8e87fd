using Flume.Query.Json;

namespace Flume.Ssb.Tests.Api.Parity;

/// <summary>
/// Random map-filter-reduce calls: query.read and explain, backlinks.read, links2.read. They omit Flume's intended
/// differences (docs/compatibility.md).
/// </summary>
internal sealed class RandomReads(Vocabulary words)
{
    /// <summary>True to include ranges of claimed times. JavaScript's indexes lose text times (I5).</summary>
    public bool Claims { get; init; } = true;

    /// <summary>A request: <c>{method, args}</c>.</summary>
    public JsObject Next() => words.Next(4) switch
    {
        0 => Call("backlinks.read", Backlinks()),
        1 => Call("links2.read", Links()),
        2 when words.OneIn(4) => Call("query.explain", Query()),
        _ => Call("query.read", Query()),
    };

    /// <summary>A call without a stage that needs the end of the input, so that it can be live.</summary>
    public JsObject Live(Func<JsObject, JsObject> following)
    {
        string method = words.Pick("query.read", "backlinks.read", "links2.read");
        JsObject options = method == "query.read" ? Query() : method == "links2.read" ? Links() : Backlinks();
        JsArray kept = [.. Array.Empty<JsValue>()];
        if (options["query"].IsArray)
        {
            foreach (JsValue stage in options["query"].AsArray)
                if (stage["$sort"].IsUndefined && stage["$reduce"].IsUndefined) kept.Add(stage);
            if (kept.Count > 0) options.Set("query", JsValue.From(kept));
            else options.Remove("query");
        }
        options.Remove("reverse");
        options = following(options);
        // JavaScript's limit counts the marker between old and live.
        if (!options["limit"].IsUndefined) options.Set("sync", JsValue.False);
        return Call(method, options);
    }

    private static JsObject Call(string method, JsObject argument) => RandomStreams.Call(method, argument);

    private JsObject Query()
    {
        JsObject value = new(), content = new(), filter = new();
        if (words.OneIn(3)) value.Set("author", Of(words.Author, isText: true));
        if (Claims && words.OneIn(5)) value.Set("timestamp", Time(words.Claimed));
        if (words.OneIn(6)) value.Set("sequence", Time(words.Sequence));
        if (words.OneIn(2)) content.Set("type", Of(words.Type, isText: true));
        if (words.OneIn(8)) content.Set("channel", Of(() => words.Field("channel"), isText: true));
        if (words.OneIn(6)) content.Set("root", words.OneIn(4) ? words.Json("{\"$truthy\":true}") : words.Field("root"));
        if (words.OneIn(9)) content.Set("text", Of(() => words.Field("text"), isText: true));
        if (words.OneIn(9)) content.Set("vote", words.Json("{\"value\":{\"$gte\":0}}"));
        if (words.OneIn(9)) content.Set("mentions", words.Json(words.Pick("{\"length\":{\"$gt\":0}}", "{\"0\":{\"link\":{\"$is\":\"string\"}}}")));
        if (content.Count > 0) value.Set("content", JsValue.From(content));
        if (words.OneIn(12)) value.Set("private", words.OneIn(3) ? words.Json("{\"$not\":true}") : JsValue.True);
        if (value.Count > 0) filter.Set("value", JsValue.From(value));
        if (words.OneIn(4)) filter.Set("timestamp", Time(words.Received));
        if (words.OneIn(8)) filter.Set("rts", Time(words.Claimed));
        if (words.OneIn(15)) filter.Set("key", words.Key());
        return Options(filter, "[\"timestamp\"]", "[[\"value\",\"author\"],[\"value\",\"sequence\"]]", "[[\"rts\"]]",
            "[[\"value\",\"content\",\"type\"],[\"value\",\"timestamp\"]]", "[[\"value\",\"timestamp\"]]", "[\"key\"]");
    }

    private JsObject Backlinks()
    {
        JsObject filter = new(), value = new(), content = new();
        bool dest = !words.OneIn(8);
        if (dest) filter.Set("dest", words.OneIn(6) ? words.Json("{\"$prefix\":\"" + words.Pick("#", "@", "%") + "\"}") : words.Link());
        if (!dest || words.OneIn(2)) content.Set("type", words.Type());
        if (words.OneIn(6)) content.Set("root", words.Field("root"));
        if (content.Count > 0) value.Set("content", JsValue.From(content));
        if (words.OneIn(4)) value.Set("author", words.Author());
        if (Claims && words.OneIn(6)) value.Set("timestamp", Time(words.Claimed));
        if (value.Count > 0) filter.Set("value", JsValue.From(value));
        if (words.OneIn(6)) filter.Set("rts", Time(words.Claimed));
        if (words.OneIn(6)) filter.Set("timestamp", Time(words.Received));
        if (words.OneIn(10)) return Options(filter, "[[\"dest\"],[\"rts\"]]", "[[\"dest\"],[\"timestamp\"]]");
        JsObject options = Options(filter);
        if (words.OneIn(3)) options.Set("index", JsValue.From(words.Pick("DTS", "DTA", "TDT")));
        return options;
    }

    private JsObject Links()
    {
        JsObject filter = new();
        if (words.OneIn(2)) filter.Set("source", words.Author());
        if (words.OneIn(2)) filter.Set("dest", words.OneIn(5) ? words.Json("{\"$prefix\":\"@\"}") : words.Link());
        if (words.OneIn(2) || filter.Count == 0) filter.Set("rel", Relation());
        if (words.OneIn(4)) filter.Set("ts", Time(words.Received));
        return Options(filter, "[\"rel\",\"dest\",\"source\",\"ts\"]", "[\"source\",\"rel\",\"dest\",\"ts\"]");
    }

    private JsValue Relation() => words.Json(words.Pick(
        "[\"mentions\"]", "[\"vote\",1]", "[\"vote\",{\"$gt\":-2}]", "[\"vote\",{\"$lt\":2}]", "[\"root\"]", "[\"branch\"]",
        "[\"contact\",true]", "[\"contact\",{\"$is\":\"boolean\"}]", "[\"about\"]", "[\"about\",{\"$gt\":\"a\"}]",
        "[\"mentions\",{\"$prefix\":\"@\"}]"));

    private JsObject Options(JsObject filter, params string[] sorts)
    {
        JsArray query = new();
        if (filter.Count > 0 && (sorts.Length != 6 || !words.OneIn(12))) query.Add(Stage("$filter", JsValue.From(filter)));
        if (words.OneIn(8)) query.Add(Stage("$filter", words.Json("{\"value\":{\"content\":{\"text\":{\"$is\":\"string\"}}}}")));
        bool maps = words.OneIn(5);
        if (maps) query.Add(Stage("$map", words.Json(words.Pick("{\"a\":[\"value\",\"author\"],\"k\":\"key\",\"dest\":true,\"rel\":true}",
            "{\"t\":[\"value\",\"content\",\"type\"],\"ts\":\"timestamp\",\"r\":\"rts\"}", "[\"value\",\"content\"]", "\"dest\""))));
        else if (words.OneIn(6)) query.Add(Stage("$reduce", words.Json(words.Pick(
            "{\"type\":[\"value\",\"content\",\"type\"],\"n\":{\"$count\":true}}",
            "{\"a\":[\"value\",\"author\"],\"last\":{\"$max\":[\"value\",\"sequence\"]},\"first\":{\"$min\":\"timestamp\"}}",
            "{\"$count\":true}", "{\"source\":\"source\",\"n\":{\"$count\":true}}", "{\"dest\":\"dest\",\"all\":{\"$collect\":\"key\"}}",
            "{\"$sum\":[\"value\",\"sequence\"]}"))));
        else if (sorts.Length > 0 && words.OneIn(6)) query.Add(Stage("$sort", words.Json(words.Pick(sorts))));
        JsObject options = new();
        if (query.Count > 0) options.Set("query", JsValue.From(query));
        else if (filter.Count > 0) options.Set("query", JsValue.From(filter));
        if (words.OneIn(3)) options.Set("reverse", words.Json(words.Pick("true", "true", "false", "1")));
        if (words.OneIn(3)) options.Set("limit", JsValue.From(1 + words.Next(8)));
        if (words.OneIn(10)) options.Set("old", JsValue.True);
        if (words.OneIn(10)) options.Set("sync", JsValue.From(words.OneIn(2)));
        return options;
    }

    private static JsValue Stage(string name, JsValue argument) => JsValue.From(new JsObject().Set(name, argument));

    private JsValue Of(Func<JsValue> value, bool isText) => words.Next(8) switch
    {
        0 => JsValue.From(new JsObject().Set("$in", JsValue.From(new JsArray([value(), value(), value()])))),
        1 when isText => JsValue.From(new JsObject().Set("$prefix", words.Prefix(value()))),
        2 when isText => words.Json("{\"$is\":\"string\"}"),
        3 => JsValue.From(new JsObject().Set("$ne", value())),
        _ => value(),
    };

    private JsValue Time(Func<JsValue> time)
    {
        JsObject range = new();
        if (words.OneIn(2)) range.Set(words.Pick("$gt", "$gte"), time());
        if (words.OneIn(2) || range.Count == 0) range.Set(words.Pick("$lt", "$lte"), time());
        return words.OneIn(8) ? time() : JsValue.From(range);
    }
}
