using Flume.Query.Json;

namespace Flume.TestKit;

/// <summary>
/// Random records and queries with few values, so that they often match. The names are a, b, c, s (a text or missing)
/// and n (a number or missing). They omit Flume's intended differences (docs/compatibility.md).
/// </summary>
/// <param name="dice">The random source.</param>
/// <param name="odd">True to add values and names with special treatment in JavaScript.</param>
internal sealed class RandomQueries(Dice dice, bool odd = false)
{
    private static readonly string[] OddScalars =
    [
        "-0", "1e21", "5e-324", "-5e-324", "12345678901234567890", "1.7976931348623157e308", "9007199254740993", "0.1", "1e-7", "-1e300",
        "\"Infinity\"", "\"-Infinity\"", "\"NaN\"", "\"1_0\"", "\"0b11\"", "\"0o17\"", "\"+1\"", "\"-0\"", "\".5\"", "\"5.\"", "\"1e400\"",
        "\"\\u2028 7\\ufeff\"", "\"\\u180e1\"", "\"\\ud83d\"", "\"\\ude00\"", "\"e\\u0301\"", "\"\\u00e9\"", "\"\\u0000\"", "\"[object Object]\"", "\"1,2\"",
        "\"null\"", "\"true\"", "\"2020-01-01T00:00:00.000Z\"", "\"01\"", "\"a\\uffff\"", "\"a~\"", "\"A\"", "\"\\u0130\"",
    ];

    private static readonly string[] OddNames = ["", "01", "1", "-1", "1.5", "\ud83d", "é", "e\u0301", "$a", "key", "value"];

    private static readonly string[] Scalars =
    [
        "null", "true", "false", "0", "1", "2", "-1", "1.5", "\"\"", "\"a\"", "\"b\"", "\"ab\"", "\"abc\"", "\"1\"",
        "\" 2 \"", "\"0x10\"", "\"é\"", "\"\\ud83d\\ude00\"", "\"\\uffee\"", "\"1e1\"", "12",
    ];

    private static readonly string[] Texts = ["a", "b", "ab", "abc", "", "1", "é", "\ud83d\ude00", "\uffee"];
    private static readonly string[] Names = ["a", "b", "c", "s", "n", "0", "length"];
    private static readonly string[] Types = ["string", "number", "boolean", "object", "undefined", "array"];

    // True while making a value that is sorted or grouped later: JavaScript has no order for NaN.
    private bool _withoutNaN;

    // True after a $map: s and n can then be arrays, which JavaScript handles wrongly with another key.
    private bool _mapped;

    public JsValue Scalar() => JsValue.Parse(odd && dice.OneIn(2) ? Pick(OddScalars) : Pick(Scalars));

    public JsArray Input()
    {
        var input = new JsArray();
        for (int i = dice.Next(7); i > 0; i--) input.Add(dice.OneIn(8) ? Value(2) : Record());
        return input;
    }

    public JsValue Record()
    {
        JsObject record = new();
        foreach (string name in (string[])["a", "b", "c"])
            if (!dice.OneIn(4)) record.Set(name, Value(odd && dice.OneIn(8) ? 5 : 2));
        if (!dice.OneIn(4)) record.Set("s", Text());
        if (!dice.OneIn(4)) record.Set("n", odd && dice.OneIn(3) ? Number() : JsValue.From((double)(dice.Next(5) - 1)));
        return JsValue.From(record);
    }

    public JsValue Value(int depth)
    {
        if (depth == 0 || dice.Next(5) < 3) return Scalar();
        if (dice.OneIn(2)) return JsValue.From(new JsArray(Some(3, () => Value(depth - 1))));
        JsObject made = new();
        for (int i = dice.Next(4); i > 0; i--) made.Set(odd && dice.OneIn(3) ? Pick(OddNames) : Pick(Names[..5]), Value(depth - 1));
        return JsValue.From(made);
    }

    public JsArray Query()
    {
        JsArray query = new();
        bool sorts = dice.OneIn(3), reduces = dice.OneIn(2);
        _withoutNaN = sorts || reduces;
        for (int i = dice.Next(3); i > 0; i--)
            query.Add(dice.OneIn(3) ? Stage("$map", Map(2)) : Stage("$filter", Filter(2)));
        if (dice.OneIn(12)) query.Add(JsValue.Null);
        if (sorts) query.Add(Stage("$sort", Sort()));
        _withoutNaN = false;
        _mapped = query.Any(stage => stage["$map"].IsTruthy);
        if (reduces) query.Add(Stage("$reduce", Reduce()));
        if (dice.OneIn(6)) query.Add(dice.OneIn(2) ? Stage("$map", Map(1)) : Stage("$filter", Filter(1)));
        return dice.OneIn(40) ? new JsArray([Stage("$map", JsValue.True), Stage("$nothing", JsValue.True)]) : query;
    }

    public JsValue Filter(int depth)
    {
        int kind = dice.Next(depth > 0 ? 8 : 4);
        if (kind == 0) return Scalar();
        if (kind < 4) return Operators();
        if (kind == 4) return JsValue.From(new JsArray(Some(3, () => Filter(depth - 1))));
        if (kind == 5 && dice.OneIn(4)) return Stage("$filter", Filter(depth - 1));
        JsObject made = new();
        for (int i = dice.OneIn(8) ? 0 : 1 + dice.Next(2); i > 0; i--) made.Set(Pick(Names), Filter(depth - 1));
        return JsValue.From(made);
    }

    public JsValue Operators()
    {
        JsObject made = new();
        for (int i = dice.OneIn(4) ? 2 : 1; i > 0; i--)
        {
            string name = Pick(
                "$lt", "$gt", "$lte", "$gte", "$eq", "$ne", "$not", "$truthy", "$prefix", "$is", "$in", "$type", "$int",
                _withoutNaN ? "$int" : "$mod", "$get");
            made.Set(name, Argument(name));
        }

        if (dice.OneIn(30)) made.Set("plain", JsValue.True);
        if (dice.OneIn(60)) return Stage("$unknown", JsValue.True);
        return JsValue.From(made);
    }

    private JsValue Argument(string name) => name switch
    {
        "$prefix" => dice.OneIn(3) ? JsValue.From(new JsArray(Some(2, Scalar)))
            : dice.OneIn(8) ? JsValue.From((double)dice.Next(3)) : Text(),
        "$is" => JsValue.From(Pick(Types)),
        "$in" when dice.OneIn(6) => JsValue.From("ab1null"),
        "$in" => JsValue.From(new JsArray(Some(dice.OneIn(5) ? 14 : 4, Scalar))),
        "$get" => dice.OneIn(5) ? JsValue.True : JsValue.From(new JsArray(Some(2, Name))),
        "$mod" => JsValue.From((double)(1 + dice.Next(3))),
        "$lt" or "$gt" or "$lte" or "$gte" when dice.OneIn(10) => JsValue.From(new JsArray(Some(2, Scalar))),
        _ => Scalar(),
    };

    private JsValue Rule(int depth)
    {
        int kind = dice.Next(depth > 0 ? 8 : 3);
        if (kind < 3) return kind == 0 && dice.OneIn(3) ? JsValue.True : JsValue.From(Pick(Names));
        if (kind < 6) return JsValue.From(new JsArray(Some(3, () => Step(depth - 1))));
        if (kind == 6) return Operators();
        return dice.OneIn(12) ? Pick(JsValue.Null, JsValue.False, JsValue.From(1.5), JsValue.From(new JsObject()))
            : dice.OneIn(6) ? Stage(_withoutNaN ? "$sum" : Pick("$count", "$sum", "$product", "$max", "$min"), Rule(0))
            : Stage("$filter", Filter(1));
    }

    private JsValue Step(int depth) => dice.Next(8) switch
    {
        0 => JsValue.From((double)(dice.Next(4) - 2)),
        1 => Operators(),
        2 when depth > 0 => Rule(depth),
        _ => JsValue.From(Pick(Names)),
    };

    private JsValue Map(int depth)
    {
        if (depth == 0 || dice.OneIn(3)) return Rule(depth);
        JsObject made = new();
        for (int i = dice.Next(4); i > 0; i--) made.Set(Pick(Names), dice.OneIn(3) ? JsValue.True : Map(depth - 1));
        return JsValue.From(made);
    }

    private JsValue Reduce()
    {
        if (dice.OneIn(4)) return Stage(Pick("$count", "$sum", "$product", "$collect"), Rule(1));
        return Groups(nested: true);
    }

    /// <summary>
    /// One key of any type, or several that are not arrays. JavaScript handles several array keys wrongly.
    /// </summary>
    private JsValue Groups(bool nested)
    {
        JsObject made = new();
        if (dice.OneIn(3)) made.Set("k", JsValue.From(new JsArray(Some(2, Name)).Add(JsValue.True)));
        else
            for (int i = 1 + dice.Next(3); i > 0; i--) made.Set(Pick("x", "y", "1"), Key());
        if (dice.OneIn(4)) made.Set("in", JsValue.From(new JsObject().Set("z", Value())));
        for (int i = dice.Next(3); i > 0; i--) made.Set(Pick("v", "w", "2"), Value());
        if (nested && dice.OneIn(4)) made.Set("rows", Stage("$reduce", Groups(nested: false)));
        return JsValue.From(made);

        JsValue Key() => _mapped || dice.OneIn(3)
            ? JsValue.Parse("""["a",{"$type":true}]""")
            : JsValue.From(Pick("s", "n"));
        JsValue Value() => Stage(Pick("$count", "$sum", "$product", "$max", "$min", "$collect"), Rule(1));
    }

    private JsValue Sort() =>
        JsValue.From(new JsArray(Some(3, () => dice.OneIn(5) && Path() is var path && !IsEmpty(path) ? Stage("$reverse", path) : Path())));

    /// <summary>JavaScript treats an empty name for the reverse order as missing.</summary>
    private static bool IsEmpty(JsValue path) => path is { IsString: true, IsTruthy: false };

    private JsValue Path() =>
        dice.OneIn(2) ? Name() : JsValue.From(new JsArray(Some(2, () => dice.OneIn(4) ? JsValue.From(0) : Name())));

    private JsValue Name() => JsValue.From(odd && dice.OneIn(4) ? Pick(OddNames) : Pick(Names));

    private JsValue Text() => odd && dice.OneIn(3) && JsValue.Parse(Pick(OddScalars)) is { IsString: true } text ? text : JsValue.From(Pick(Texts));

    private JsValue Number() => JsValue.Parse(Pick(OddScalars[..10]));

    private static JsValue Stage(string name, JsValue argument) => JsValue.From(new JsObject().Set(name, argument));

    private JsValue[] Some(int most, Func<JsValue> make)
    {
        var made = new JsValue[dice.Next(most + 1)];
        for (int i = 0; i < made.Length; i++) made[i] = make();
        return made;
    }

    private T Pick<T>(params T[] from) => from[dice.Next(from.Length)];
}
