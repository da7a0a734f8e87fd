using Flume.Query.Json;

namespace Flume.Ssb.Tests.Api.Properties;

/// <summary>
/// Random queries over a <see cref="RandomNetwork"/>: any operator on any field, with and without a matching index.
/// </summary>
internal sealed class WildReads(RandomNetwork world)
{
    private static readonly string[] Sorts =
    [
        "[\"timestamp\"]", "[[\"rts\"]]", "[[\"value\",\"author\"],[\"value\",\"sequence\"]]", "[[\"dest\"],[\"timestamp\"]]",
        "[[\"value\",\"content\",\"type\"],[\"dest\"],[\"rts\"]]", "[\"rel\",\"dest\",\"source\",\"ts\"]", "[\"key\"]",
    ];

    /// <summary>The options of query.read, backlinks.read or links2.read.</summary>
    public JsValue Options(string method)
    {
        JsObject options = new();
        JsObject filter = method == "links2.read" ? Links() : Messages(method == "backlinks.read");
        JsArray query = new();
        if (filter.Count > 0 && !world.OneIn(12)) query.Add(Stage("$filter", JsValue.From(filter)));
        if (world.OneIn(9)) query.Add(Stage("$filter", JsValue.Parse("{\"value\":{\"content\":{\"text\":{\"$truthy\":true}}}}")));
        if (world.OneIn(6)) query.Add(Stage("$map", JsValue.Parse(world.Pick(
            "{\"k\":\"key\",\"t\":\"timestamp\",\"dest\":true,\"rel\":true}", "[\"value\",\"content\",\"type\"]", "\"dest\""))));
        else if (world.OneIn(6)) query.Add(Stage("$reduce", JsValue.Parse(world.Pick(
            "{\"a\":[\"value\",\"author\"],\"n\":{\"$count\":true}}", "{\"$count\":true}", "{\"$collect\":\"key\"}",
            "{\"r\":[\"rel\",0],\"n\":{\"$count\":true}}", "{\"t\":[\"value\",\"content\",\"type\",{\"$type\":true}],\"n\":{\"$count\":true}}"))));
        else if (world.OneIn(8)) query.Add(Stage("$sort", JsValue.Parse(world.Pick(Sorts))));
        if (query.Count > 0) options.Set("query", world.OneIn(25) ? JsValue.From(filter) : JsValue.From(query));
        if (world.OneIn(3)) options.Set("reverse", JsValue.True);
        if (world.OneIn(4)) options.Set("limit", JsValue.From(1 + world.Below(6)));
        return JsValue.From(options);
    }

    private JsObject Messages(bool links)
    {
        JsObject filter = new(), value = new(), content = new();
        if (links && !world.OneIn(4)) filter.Set("dest", Condition(world.Link));
        if (world.OneIn(2)) content.Set("type", Condition(world.Type));
        if (world.OneIn(6)) content.Set("channel", Condition(() => JsValue.From("chan")));
        if (world.OneIn(5)) content.Set("root", Condition(world.Link));
        if (world.OneIn(9)) content.Set("mentions", JsValue.Parse(world.Pick("{\"length\":2}", "[{\"link\":{\"$is\":\"string\"}}]", "{}")));
        if (content.Count > 0) value.Set("content", JsValue.From(content));
        if (world.OneIn(3)) value.Set("author", Condition(() => JsValue.From(world.Pick(RandomNetwork.Authors))));
        if (world.OneIn(4)) value.Set("timestamp", Condition(world.Time));
        if (world.OneIn(6)) value.Set("sequence", Condition(() => JsValue.From(world.Below(12))));
        if (value.Count > 0) filter.Set("value", JsValue.From(value));
        if (world.OneIn(3)) filter.Set("timestamp", Condition(world.Time));
        if (world.OneIn(8)) filter.Set("rts", Condition(world.Time));
        return filter;
    }

    private JsObject Links()
    {
        JsObject filter = new();
        if (world.OneIn(2)) filter.Set("source", Condition(() => JsValue.From(world.Pick(RandomNetwork.Authors))));
        if (world.OneIn(2)) filter.Set("dest", Condition(world.Link));
        if (world.OneIn(2)) filter.Set("rel", Relation());
        if (world.OneIn(4)) filter.Set("ts", Condition(world.Time));
        return filter;
    }

    private JsValue Relation()
    {
        if (world.OneIn(6)) return JsValue.Parse("{\"$prefix\":[\"about\"]}");
        if (world.OneIn(6)) return JsValue.Parse("{\"0\":\"vote\"}");
        JsArray relation = new();
        relation.Add(JsValue.From(world.Pick("mentions", "vote", "about", "contact", "root")));
        if (world.OneIn(2)) relation.Add(Condition(world.OneIn(2) ? world.Name : world.Time));
        return JsValue.From(relation);
    }

    private JsValue Condition(Func<JsValue> value)
    {
        switch (world.Below(16))
        {
            case 0: return Stage("$in", JsValue.From(new JsArray([value(), value(), value()])));
            case 1: return Stage("$eq", value());
            case 2: return Stage("$ne", value());
            case 3: return Stage(world.Pick("$gt", "$gte"), Comparable(value));
            case 4: return Stage(world.Pick("$lt", "$lte"), Comparable(value));
            case 5: return JsValue.From(new JsObject().Set("$gte", Comparable(value)).Set("$lt", Comparable(value)));
            case 6: return Stage("$prefix", Prefix(value()));
            case 7: return JsValue.Parse("{\"$is\":\"" + world.Pick("string", "number", "undefined", "boolean", "null") + "\"}");
            case 8: return JsValue.Parse(world.Pick("{\"$truthy\":true}", "{\"$not\":true}", "null", "true", "\"\""));
            default: return value();
        }
    }

    private static JsValue Comparable(Func<JsValue> value) => value() is { IsObject: false } scalar ? scalar : JsValue.From(1005);

    private JsValue Prefix(JsValue value)
    {
        string text = value.IsString ? value.AsString : "1";
        return JsValue.From(text[..Math.Min(text.Length, 1 + world.Below(3))]);
    }

    private static JsValue Stage(string name, JsValue argument) => JsValue.From(new JsObject().Set(name, argument));
}
