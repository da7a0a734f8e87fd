using Flume.Query.Json;

namespace Flume.TestKit;

/// <summary>Random indexes over a few fields and random read options, without Flume's intended differences.</summary>
internal sealed class RandomRequests(Dice dice)
{
    private static readonly string[] Fields =
        ["\"a\"", "[\"a\"]", "\"b\"", "[\"v\",\"c\"]", "[\"v\",\"d\",\"e\"]", "[\"b\"]"];

    public JsArray Indexes(bool withExact)
    {
        JsArray indexes = new();
        for (int i = 1 + dice.Next(5); i > 0; i--)
        {
            JsArray fields = new();
            for (int j = 1 + dice.Next(3); j > 0; j--) fields.Add(JsValue.Parse(Fields[dice.Next(Fields.Length)]));
            JsObject index = new JsObject().Set("key", JsValue.From("i" + i)).Set("value", JsValue.From(fields));
            if (withExact && dice.OneIn(2)) index.Set("exact", JsValue.True);
            indexes.Add(JsValue.From(index));
        }

        return indexes;
    }

    public JsValue Options(JsArray indexes)
    {
        JsObject options = new();
        if (!dice.OneIn(12)) options.Set("query", dice.OneIn(6) ? Filter() : Query(indexes));
        foreach (string name in (string[])["reverse", "old", "live", "sync"])
            if (dice.OneIn(3)) options.Set(name, JsValue.From(dice.OneIn(2)));
        return JsValue.From(options);
    }

    private JsValue Query(JsArray indexes)
    {
        JsArray query = new();
        if (!dice.OneIn(6)) query.Add(JsValue.From(new JsObject().Set("$filter", Filter())));
        if (dice.OneIn(4)) query.Add(JsValue.Parse("""{"$map":true}"""));
        JsValue sort = dice.OneIn(3) ? JsValue.Parse("""["b","a"]""") : indexes[dice.Next(indexes.Count)]["value"];
        if (query.Count == 0 || dice.OneIn(5)) query.Add(JsValue.From(new JsObject().Set("$sort", sort)));
        return JsValue.From(query);
    }

    private JsValue Filter()
    {
        JsObject filter = new(), inner = new(), innermost = new();
        if (dice.OneIn(2)) filter.Set("a", Condition());
        if (dice.OneIn(2)) filter.Set("b", Condition());
        if (dice.OneIn(2)) inner.Set("c", Condition());
        if (dice.OneIn(2)) innermost.Set("e", Condition());
        if (dice.OneIn(2)) inner.Set("d", dice.OneIn(6) ? JsValue.From("text") : JsValue.From(innermost));
        if (dice.OneIn(2)) filter.Set("v", dice.OneIn(8) ? JsValue.From("text") : JsValue.From(inner));
        return JsValue.From(filter);
    }

    private JsValue Condition()
    {
        string[] from =
        [
            "1", "\"x\"", "true", "null", "\"\"", "0", "[\"x\",1]", "[\"x\",{\"$prefix\":\"y\"}]", "[{\"$gt\":1},2]",
            "{\"$gt\":1}", "{\"$lt\":5,\"$gte\":1}", "{\"$lte\":\"z\"}", "{\"$prefix\":\"p\"}", "{\"$is\":\"string\"}",
            "{\"$is\":\"boolean\"}", "{\"$is\":\"undefined\"}", "{\"$is\":\"null\"}", "{\"$is\":\"array\"}",
            "{\"$prefix\":\"q\",\"$lt\":3}",
        ];
        return JsValue.Parse(from[dice.Next(from.Length)]);
    }
}
